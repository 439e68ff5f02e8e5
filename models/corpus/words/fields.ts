/** Custom fields: fixed labels of every type, and the parts that new ones are composed of; the last word tells the type. */
import type { FieldType } from '../nouns.js';

function words(text: string): readonly string[] {
  return text.split('|');
}

/** Label → values, of custom picklists. */
export const picklists: Readonly<Record<string, readonly string[]>> = {
  status: words(
    'Open|Closed|Draft|Active|Inactive|Pending|New|Completed|Cancelled|In Progress|On Hold|Approved|Rejected|' +
      'Submitted|Planned|Scheduled',
  ),
  priority: words('High|Medium|Low|Critical|Normal|Urgent'),
  severity: words('Critical|Major|Minor|Trivial|High|Low'),
  stage: words('Intake|Screening|Review|Negotiation|Final|Planning|Execution|Design|Build|Test|Launch'),
  phase: words('Discovery|Planning|Design|Build|Testing|Rollout|Closure|Pilot'),
  type: words('Standard|Express|Internal|External|New|Renewal|Basic|Premium|Service|Product|Recurring'),
  category: words(
    'Hardware|Software|Travel|Food|Office|Training|Marketing|Equipment|Services|Utilities|Medical|Furniture|Clothing|' +
      'Repair|Other',
  ),
  region: words('North|South|East|West|EMEA|APAC|Americas|Europe|Asia|Nordics|Central'),
  level: words('Beginner|Intermediate|Advanced|Expert|Junior|Senior|Lead'),
  tier: words('Gold|Silver|Bronze|Platinum|Basic|Standard|Enterprise'),
  size: words('Small|Medium|Large|Extra Large'),
  color: words('Red|Blue|Green|Black|White|Yellow|Orange|Purple|Grey|Silver'),
  source: words('Web|Phone|Email|Partner|Referral|Walk-In|Campaign|Import'),
  channel: words('Online|Store|Phone|Partner|Marketplace|Direct|Email|Social'),
  reason: words('Price|Quality|Delay|Duplicate|Damaged|No Response|Changed Mind|Other'),
  condition: words('New|Used|Damaged|Refurbished|Good|Fair|Poor'),
  result: words('Passed|Failed|Inconclusive|Positive|Negative'),
  outcome: words('Won|Lost|Postponed|Agreed|No Decision'),
  frequency: words('Daily|Weekly|Monthly|Quarterly|Yearly'),
  currency: words('EUR|USD|GBP|CHF|JPY|SEK|PLN'),
  language: words('English|German|French|Spanish|Italian|Polish|Dutch|Japanese'),
  department: words('Sales|Finance|Legal|Support|Engineering|Logistics|Marketing|Operations'),
  'payment method': words('Credit Card|Bank Transfer|Cash|Direct Debit|Check|PayPal'),
  'payment status': words('Due|Received|Failed|Partial|Refunded|Waived'),
  'payment terms': words('Net 15|Net 30|Net 60|Prepaid'),
  'shipping method': words('Ground|Air|Sea|Rail|Courier|Pickup'),
  'approval status': words('Pending|Approved|Rejected|Recalled|Not Submitted'),
  'contract type': words('Fixed|Permanent|Temporary|Freelance|Part Time|Full Time'),
  'employment type': words('Full Time|Part Time|Contractor|Intern'),
  'fuel type': words('Diesel|Petrol|Electric|Hybrid|Gas'),
  'vehicle type': words('Car|Van|Truck|Bus|Bicycle|Scooter'),
  'room type': words('Single|Double|Suite|Studio|Family'),
  'risk level': words('Low|Medium|High|Extreme'),
  'service level': words('Gold|Silver|Bronze|Standard'),
  'customer segment': words('Enterprise|Mid Market|Small Business|Public Sector|Consumer'),
  'blood type': words('A|B|AB|O'),
  grade: words('A|B|C|D|E|F'),
  gender: words('Female|Male|Other'),
  season: words('Spring|Summer|Autumn|Winter'),
  quarter: words('Q1|Q2|Q3|Q4'),
  'delivery status': words('Packed|Shipped|In Transit|Delivered|Returned|Lost'),
  'health status': words('Green|Yellow|Red'),
  'review status': words('Not Started|In Review|Accepted|Declined'),
  'membership level': words('Basic|Plus|Premium|Family|Student'),
  'meal preference': words('Vegan|Vegetarian|Halal|Kosher|None'),
  'cancellation reason': words('Too Expensive|Moved Away|No Longer Needed|Competitor|Illness'),
  cuisine: words('Italian|Thai|Mexican|Indian|French|Japanese'),
  genre: words('Drama|Comedy|Rock|Jazz|Thriller|Fantasy|Classical'),
  breed: words('Beagle|Poodle|Labrador|Siamese|Mixed'),
  material: words('Steel|Wood|Glass|Plastic|Aluminum|Concrete|Cotton'),
  environment: words('Production|Staging|Test|Development'),
  platform: words('iOS|Android|Windows|Linux|Web'),
  seniority: words('Junior|Mid|Senior|Principal|Executive'),
  sentiment: words('Positive|Neutral|Negative'),
  visibility: words('Public|Private|Restricted'),
  urgency: words('Low|Medium|High|Immediate'),
  origin: words('Phone|Email|Web|Portal|Partner'),
  health: words('Green|Yellow|Red'),
  crop: words('Wheat|Corn|Barley|Soy|Potatoes|Rice'),
  'energy source': words('Solar|Wind|Gas|Hydro|Nuclear|Coal'),
  'property type': words('Apartment|House|Office|Retail|Warehouse|Land'),
  'service type': words('Installation|Repair|Maintenance|Cleaning|Inspection|Consulting'),
  'visit type': words('Initial|Follow Up|Emergency|Routine'),
  'event type': words('Workshop|Concert|Wedding|Conference|Seminar|Festival'),
  'ticket type': words('Adult|Child|Student|Senior|Group|VIP'),
  'insurance type': words('Health|Life|Car|Home|Travel|Liability'),
  'age group': words('Child|Teen|Adult|Senior'),
  'leave type': words('Vacation|Sick|Parental|Unpaid|Training'),
  'delivery method': words('Courier|Pickup|Post|Freight'),
  'donation type': words('One Time|Monthly|In Kind|Legacy'),
  'repair status': words('Received|Diagnosed|Waiting for Parts|Repaired|Returned'),
  'application status': words('Received|Shortlisted|Interview|Offered|Declined'),
  'equipment type': words('Lift|Pump|Generator|Drill|Excavator'),
  specialty: words('Cardiology|Dermatology|Pediatrics|Neurology|Surgery'),
  zone: words('A|B|C|North|South|Central'),
  weekday: words('Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday'),
  purpose: words('Business|Private|Education|Research|Medical'),
  plan: words('Free|Basic|Plus|Pro|Enterprise'),
  format: words('Online|In Person|Hybrid|Paper|PDF'),
  complexity: words('Simple|Medium|Complex'),
};

/** Labels of the other types. */
export const fixedLabels: Readonly<Record<Exclude<FieldType, 'picklist' | 'reference'>, readonly string[]>> =
  {
    currency: words(
      'amount|total|price|cost|fee|budget|salary|discount|balance|deposit|rent|premium|tax|total amount|net amount|' +
        'gross amount|' +
        'unit price|list price|total price|purchase price|selling price|hourly rate|daily rate|monthly fee|monthly rent|' +
        'annual fee|' +
        'shipping cost|labor cost|material cost|repair cost|estimated cost|actual cost|total cost|approved amount|' +
        'requested amount|' +
        'paid amount|outstanding amount|outstanding balance|refund amount|tax amount|discount amount|credit limit|' +
        'market value|' +
        'contract value|estimated value|insured value|late fee|penalty|commission|bonus|revenue|expected revenue|profit|' +
        'margin|' +
        'donation amount|loan amount|ticket price|base salary|coverage amount|claim amount|travel cost|daily allowance|' +
        'invoice total|annual premium|quoted price|repair estimate|service fee|entry fee|membership fee|tuition|' +
        'cleaning fee|delivery fee|cancellation fee|security deposit|amount due|amount paid|amount raised|pledged amount|' +
        'fundraising goal|rental price|daily price|price per night|price per unit|fuel cost|energy cost|' +
        'construction cost|replacement cost|maintenance cost|training cost|prize money|ticket revenue|grant amount|' +
        'funding amount|insurance amount|budget used|remaining budget|wage|overtime pay|tip|bid amount|reserve price',
    ),
    integer: words(
      'quantity|score|rating score|age|weight|height|length|width|duration|capacity|mileage|floor number|year|rank|' +
        'distance|' +
        'temperature|stock level|reorder level|minimum stock|seat count|page count|guest count|headcount|team size|' +
        'room count|' +
        'attendee count|error count|view count|visit count|download count|retry count|credit score|risk score|' +
        'quality score|' +
        'health score|satisfaction score|lead score|test score|discount percent|completion percent|tax rate|interest rate|' +
        'probability|effort|story point total|estimated effort|remaining effort|lead time|response time|processing time|' +
        'warranty period|notice period|contract length|storage size|speed|power|voltage|battery level|fuel level|' +
        'participant count|' +
        'number of rooms|number of seats|number of guests|number of nights|number of pages|number of visits|' +
        'number of items|usage|progress|rating|hours|billable hours|hours worked|overtime hours|volunteer hours|' +
        'training hours|days open|nights|guests|seats|rooms|beds|bedrooms|miles|kilometers|liters|pages|points|credits|' +
        'units|copies|attempts|passengers|participants|students|volunteers|area|square meters|floor area|volume|humidity|' +
        'moisture|pressure|energy use|water use|fuel consumption|output|yield|body weight|heart rate|blood pressure|' +
        'goals scored|matches played|wins|losses|position number|class size|attendance|absences|open positions|' +
        'tickets sold|units sold|items packed|parcel count|delivery days|reading|meter value|operating hours|efficiency|' +
        'occupancy|rental days|loan term|term length',
    ),
    date: words(
      'due date|start date|end date|expiration date|renewal date|delivery date|order date|invoice date|payment date|' +
        'hire date|' +
        'termination date|birth date|review date|approval date|submission date|completion date|release date|launch date|' +
        'purchase date|sale date|shipping date|arrival date|departure date|check in date|check out date|return date|' +
        'pickup date|' +
        'inspection date|last inspection date|next inspection date|maintenance date|service date|last service date|' +
        'next service date|interview date|exam date|graduation date|enrollment date|registration date|booking date|' +
        'event date|' +
        'cancellation date|signature date|effective date|valid until|expiry date|follow up date|last contact date|' +
        'next visit date|' +
        'last visit date|move in date|move out date|target date|deadline|warranty end date|trial end date|' +
        'publication date|' +
        'harvest date|calibration date|go live date|last login date|last payment date|next billing date|closing date|' +
        'visit date|appointment date|repair date|planting date|sowing date|treatment date|admission date|discharge date|' +
        'vaccination date|lease start date|lease end date|contract date|signing date|application date|' +
        'application deadline|loan date|issue date|opening date|wedding date|match date|race date|tour date|travel date|' +
        'flight date|install date|installation date|measurement date|test date|audit date|joining date|' +
        'membership end date|last donation date|donation date|grant start date|report date|filing date|hearing date|' +
        'last cleaning date|last repair date|next review date|next due date|last order date|reminder date|call back date|' +
        'promised date',
    ),
    datetime: words(
      'start time|end time|scheduled time|check in time|check out time|arrival time|departure time|last sync time|' +
        'last login time|pickup time|delivery time|completion time|resolution time stamp|approval time|submission time|' +
        'last contacted time|call time|appointment time|shift start|shift end|last seen|published time',
    ),
    checkbox: words(
      'paid|verified|archived|billable|signed|reviewed|confirmed|invoiced|published|locked|certified|insured|taxable|' +
        'refundable|featured|validated|reconciled|exported|synced|escalated|confidential|mandatory|refunded|renewable|' +
        'recurring|notified|processed|assigned|delivered on time|acknowledged|answered|authorized|booked|checked|claimed|' +
        'damaged|' +
        'documented|filled|funded|inspected|installed|licensed|occupied|packed|posted|qualified|read|registered|resolved|' +
        'scanned|sold|tested|trained|translated|used|vaccinated|vip|overbooked|duplicate|blocked|flagged|discontinued|' +
        'urgent|remote|available|visible|searchable|fragile|hazardous|perishable|eligible|compliant|tax exempt|' +
        'backordered|approval required|' +
        'signature required|inspection passed|consent given|terms accepted|contract signed|invoice sent|reminder sent|' +
        'newsletter subscriber|' +
        'email verified|background check passed|payment received|documents complete|auto renewal|active member|' +
        'marketing consent|' +
        'follow up required|payment overdue|welcome email sent|first visit|on call|smoking allowed|pets allowed|returned|' +
        'collected|repaired|printed|redeemed|donated|harvested|calibrated|enrolled|shared|refilled|cleaned|renewed|' +
        'attended|audited|insurance verified|receipt sent|deposit paid|rent paid|fee paid|keys returned|photo attached|' +
        'contract renewed|report filed|parental consent|wheelchair accessible|gift wrapped|safety check passed|' +
        'permit granted|results available|in stock|organic|furnished|first aid trained|parking included|' +
        'breakfast included|under warranty|needs repair|out of service|id checked|auto renew|waitlisted',
    ),
    text: words(
      'city|country|code|reference|serial number|tracking number|order number|invoice number|policy number|license plate|' +
        'model|manufacturer|supplier name|customer name|contact name|contact person|project manager|author|title|subject|' +
        'summary|description|comment|note|remark|address|street|postal code|state|province|external id|sku|barcode|' +
        'batch number|account number|tax number|passport number|badge number|room number|building|location|warehouse code|' +
        'product name|brand|nickname|job title|company name|school name|doctor name|teacher name|driver name|' +
        'error message|feedback|next step|tag|keyword|topic|website|version|department code|cost center|project code|' +
        'rejection reason|instructions|special request|diagnosis|first name|last name|venue|team name|sponsor name|' +
        'email subject|outcome note|visit note|repair note|patient name|student name|guest name|pet name|tenant name|' +
        'owner name|farm name|field name|club name|species|variety|crop name|symptoms|treatment notes|dosage|allergies|' +
        'emergency instructions|seat number|table number|gate|platform number|flight number|booking number|booking code|' +
        'receipt number|case reference|permit number|license number|unit number|door code|wifi name|frame number|' +
        'chassis number|meter number|part number|model number|lot number|position title|job name|task summary|' +
        'goal description|hobby|motto|delivery instructions|delivery address|pickup address|district|county|region name',
    ),
    email: words(
      'email|contact email|billing email|work email|private email|support email|manager email|backup email|' +
        'customer email|recipient email',
    ),
    phone: words(
      'phone|mobile|phone number|work phone|home phone|emergency phone|contact phone|fax|office phone|mobile number',
    ),
  };

/** Checkbox words whose opposite is the word with "un-". */
export const negatable: ReadonlySet<string> = new Set(
  words(
    'paid|verified|signed|reviewed|confirmed|published|locked|certified|insured|validated|reconciled|synced|notified|' +
      'processed|' +
      'assigned|acknowledged|answered|authorized|claimed|damaged|documented|filled|funded|inspected|licensed|occupied|' +
      'packed|' +
      'posted|qualified|read|registered|resolved|sold|tested|trained|translated|used|vaccinated|available|converted|' +
      'returned|collected|repaired|printed|redeemed|harvested|calibrated|attended|audited|shared|furnished',
  ),
);

/** What a composed field label begins with: an adjective of what is measured, or a noun. */
export const fieldAdjectives: readonly string[] = words(
  'initial|final|last|next|first|total|average|planned|actual|expected|estimated|maximum|minimum|monthly|annual|' +
    'weekly|daily|net|' +
    'gross|original|current|previous|preferred|primary|secondary|internal|external|local|regional|global|early|late|' +
    'agreed|projected',
);
export const fieldModifiers: readonly string[] = words(
  'customer|supplier|vendor|partner|project|product|service|contract|payment|invoice|order|delivery|shipping|' +
    'transport|storage|' +
    'production|quality|safety|security|training|travel|marketing|sales|support|legal|tax|insurance|warranty|rental|' +
    'license|' +
    'membership|registration|application|interview|medical|patient|student|course|exam|room|building|site|vehicle|' +
    'equipment|device|' +
    'network|software|energy|water|food|event|guest|ticket|donation|grant|loan|credit|claim|audit|inspection|repair|' +
    'cleaning|testing|' +
    'design|research|launch|campaign|budget|team|shift|backup|emergency|trainer|manager|driver|tenant|owner account|' +
    'passenger|cargo|' +
    'container|harvest|crop|animal|pet|machine|tool|battery|engine|tire|fuel|seat|flight|hotel|tour|concert|film|' +
    'song|book|lesson|' +
    'class|school|visa|passport|court|case file|policy|premium|deposit|bank|card|refund|return|gift|discount|price|' +
    'stock|batch|lab|test',
);

/** Last words of composed field labels, by the type that they tell. */
export const fieldHeads: Readonly<Record<Exclude<FieldType, 'reference'>, readonly string[]>> = {
  picklist: words(
    'type|category|level|tier|class|group|segment|method|mode|model type|outcome|result|priority',
  ),
  currency: words('amount|cost|price|fee|budget|value|charge|balance|revenue|expense|surcharge'),
  integer: words('count|quantity|score|capacity|weight|duration|volume|percentage|limit|size|distance|index'),
  date: words('date|deadline|start date|end date|review date|due date'),
  datetime: words('time|timestamp'),
  checkbox: words(
    'required|confirmed|completed|approved|received|sent|enabled|included|requested|verified|accepted',
  ),
  text: words('code|name|number|note|comment|reference|location|city|country|label|title|contact|summary'),
  email: words('email'),
  phone: words('phone'),
};
