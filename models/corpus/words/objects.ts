/** Labels of custom objects, of all branches of life, and the parts that new ones are composed of. */

export const objectLabels: readonly string[] = (
  'invoice|project|job application|purchase order|shipment|delivery|vehicle|driver|route|warehouse|stock item|supplier|vendor|' +
  'subscription|payment|refund|quote request|expense|expense report|budget|cost center|timesheet|time entry|employee|department|' +
  'candidate|interview|job offer|position|vacancy|applicant|performance review|training course|certification|skill|leave request|' +
  'absence|shift|payslip|salary change|benefit plan|onboarding plan|exit interview|office|meeting room|room booking|desk|badge|visitor|' +
  'visit|inspection|inspection report|incident|accident|claim|policy|coverage|premium|loan|loan application|mortgage|' +
  'bank account|credit card|transaction|transfer|deposit|withdrawal|statement|dispute|audit|audit finding|risk|control|compliance check|' +
  'regulation|permit|license|license plate|patient|appointment|prescription|diagnosis|treatment|lab test|lab result|clinic|ward|bed|' +
  'surgery|vaccination|referral|medical device|nurse|doctor|allergy|care plan|student|teacher|course|lesson|classroom|exam|grade|' +
  'enrollment|scholarship|tuition fee|school|university|degree|assignment|homework|library book|book|book loan|author|publisher|' +
  'magazine|article|issue|subscription box|newsletter|blog post|comment|podcast|episode|video|playlist|album|song|artist|concert|ticket|' +
  'venue|seat|show|film|movie|screening|cinema|museum|exhibit|exhibition|painting|sculpture|donation|donor|grant|grant application|' +
  'fundraiser|volunteer|volunteer shift|charity|pledge|membership|member|club|team|player|match|tournament|league|season|coach|' +
  'training session|gym|workout|property|apartment|house|tenant|landlord|lease|rent payment|viewing|offer|broker|building|floor|unit|' +
  'maintenance request|repair|repair order|work order|service visit|technician|tool|machine|machine part|production line|' +
  'production run|batch|recipe|ingredient|quality check|defect|defect report|material|raw material|bill of materials|blueprint|' +
  'prototype|component|sensor|sensor reading|meter|meter reading|device|gateway|firmware release|release|sprint|user story|bug|' +
  'feature request|test case|test run|deployment|server|database|backup|outage|change request|service request|knowledge article|' +
  'software license|domain name|certificate|api key|website|web page|landing page|form submission|survey|survey response|question|answer|' +
  'feedback|review|complaint|return|return request|warranty|warranty claim|replacement part|coupon|discount|promotion|gift card|voucher|' +
  'loyalty card|reward|store|shop|cashier|receipt|basket|wish list|price list|price change|catalog|catalog item|category|brand|' +
  'sample|sample request|restaurant|table|reservation|menu|menu item|dish|chef|waiter|hotel|hotel room|booking|guest|room service order|' +
  'tour|tour guide|trip|travel request|itinerary|flight|airport|airplane|boarding pass|passenger|luggage item|cruise|ship|port|' +
  'container|cargo|customs declaration|truck|trailer|pallet|parcel|package|courier|depot|fuel purchase|parking space|parking ticket|' +
  'toll|train|station|bus|bus stop|bicycle|scooter|car|car rental|test drive|farm|field|crop|harvest|animal|cow|horse|tractor|' +
  'greenhouse|seed order|irrigation plan|weather report|forest|tree|well|pipeline segment|power plant|turbine|solar panel|grid outage|' +
  'energy contract|charging station|charging session|emission report|recycling pickup|waste container|construction site|crane|' +
  'building permit|floor plan|subcontract|subcontractor|change notice|safety training|safety incident|court case|hearing|lawyer|' +
  'law firm|legal matter|contract amendment|clause|signature|witness|trademark|patent|citizen|voter|election|petition|tax return|' +
  'tax notice|fine|passport|visa application|police report|fire alarm|rescue mission|ambulance|wedding|party|catering order|bouquet|' +
  'dress|fitting|haircut|salon|beauty treatment|pet|pet owner|vet visit|adoption|kennel|game|level|achievement|tournament entry|' +
  'mentor|mentorship|session|workshop|conference|speaker|talk|sponsor|sponsorship|booth|attendee|registration|agenda item|' +
  'milestone|deliverable|timeline|risk assessment|goal|objective|key result|kpi|report|dashboard|document|file|folder|note|' +
  'message|notification|call log|phone call|chat session|agent|queue item|escalation|approval|approval request|territory|region|partner|' +
  'partner agreement|reseller|commission|sales target|forecast|competitor|press release|media contact|ad campaign|ad group|keyword|' +
  'influencer|social post|mailing list|brochure|catalog request|installment|billing run|dunning notice|write-off|ledger entry|journal|' +
  'currency rate|stock trade|portfolio|fund|investor|shareholder|dividend|bond|investment|valuation|stock transfer|stock count|reorder|' +
  'packing slip|picking list|dock|storage bin|freight quote|carrier|rental|rental agreement|key|locker|uniform|parking permit|cleaning job|' +
  'cleaner|gardener|gardening job|roof repair|water sample|soil test|blood donation|clinical trial|trial site|study|experiment|microscope|' +
  'telescope|observation|dataset|research paper|citation|hypothesis|lab|chemical|satellite|launch|rocket|mission|crew member'
)
  .split('|')
  .filter((label) => !/-/.test(label));

/** What a composed label begins with. */
export const objectModifiers: readonly string[] = (
  'annual|monthly|weekly|daily|regional|local|global|national|digital|mobile|remote|internal|external|public|private|customer|partner|' +
  'supplier|vendor|employee|student|patient|member|guest|product|service|sales|marketing|finance|legal|field|site|plant|factory|store|' +
  'warehouse|fleet|vehicle|equipment|asset|property|building|room|event|travel|training|safety|security|quality|audit|risk|compliance|' +
  'tax|payroll|pension|insurance|claims|loan|credit|payment|invoice|billing|price|stock|inventory|shipping|freight|customs|energy|water|' +
  'waste|solar|wind|gas|network|cloud|data|software|hardware|device|sensor|web|media|content|brand|design|research|lab|clinical|' +
  'medical|dental|school|campus|course|library|sports|music|art|film|food|kitchen|garden|farm|animal|marine|port|rail|air|road|city|' +
  'community|charity|donor|grant|volunteer|youth|senior|family|emergency|fire|rescue|police|court|election|technical|commercial|' +
  'strategic|seasonal|temporary|custom|spare|raw|finished|premium|basic|express|bulk|retail|wholesale|export|import|night|weekend|summer|winter'
).split('|');

/** What a composed label ends with. */
export const objectHeads: readonly string[] = (
  'request|order|plan|report|record|entry|item|agreement|assignment|review|check|visit|session|meeting|booking|reservation|offer|quote|' +
  'payment|fee|charge|budget|target|goal|project|program|initiative|job|shift|schedule|slot|ticket|incident|claim|complaint|survey|form|' +
  'application|registration|permit|license|certificate|audit|inspection|test|sample|batch|lot|unit|part|kit|package|bundle|delivery|' +
  'shipment|transfer|return|repair|upgrade|renewal|campaign|article|lesson|course|exam|award|badge|profile|contract|policy|rule|template|' +
  'document|note|log|alert|event|activity|step|phase|milestone|site|location|zone|route|station|vehicle|device|machine|tool|supplier|' +
  'vendor|partner|member|group|team|manager|specialist|inspector|coordinator|provider|contact|account|card|voucher|subscription|estimate|forecast|proposal|evaluation|assessment'
).split('|');
