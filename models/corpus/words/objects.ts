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
  'telescope|observation|dataset|research paper|citation|hypothesis|lab|chemical|satellite|launch|rocket|mission|crew member|' +
  'physician|dental visit|therapy session|care visit|home visit|medication|medical record|health check|hospital stay|' +
  'insurance plan|emergency contact|blood test|physical exam|vet appointment|rehab plan|wheelchair|care home|caregiver|' +
  'vaccine dose|immunization|discharge|intake form|consultation|waiting list entry|hearing aid|eye exam|school trip|' +
  'report card|parent meeting|tutor|tutoring session|course feedback|instructor|semester|study group|school bus|' +
  'student loan|alumni gift|campus tour|admission|transcript|learning module|attendance record|field trip|' +
  'language course|exchange program|dormitory|dorm room|freight order|delivery note|delivery route|delivery stop|' +
  'pickup request|truck trip|fuel card|fuel log|loading dock|stock movement|inventory item|inventory count|packing list|' +
  'shipping label|customs form|forklift|driver log|vehicle inspection|tire change|oil change|goods receipt|return label|' +
  'air waybill|import log|supply order|supply request|unit turnover|rental property|rental application|rental bike|' +
  'rental car|equipment rental|open house|listing|home inspection|property tax bill|utility bill|lease renewal|' +
  'key handover|eviction notice|tenant request|service charge|elevator|boiler|' +
  'boiler service|heating system|smoke detector|parking garage|storage unit|plumbing job|painting job|renovation|' +
  'renovation project|site visit|site survey|snag|ticket sale|ticket order|festival|event booking|' +
  'rehearsal|performer|band|gig|exhibitor|trade fair|seminar|webinar registration|banquet|invitation|guest list entry|' +
  'player contract|game ticket|race|race entry|runner|training plan|fitness class|yoga class|yoga session|gym pass|' +
  'swim lesson|swimming pool|ski pass|ski lesson|golf course|tee time|referee|sports club|stadium|season ticket|' +
  'court booking|personal trainer|medal|barn|herd|milk delivery|egg order|vineyard|orchard|feed order|fertilizer order|' +
  'goat|chicken|beehive|crop plan|soil sample|grain sample|grain delivery|silo|tractor repair|farm visit|pasture|seed|' +
  'plant|wind turbine|solar installation|power outage|energy audit|smart meter|gas meter|electricity bill|water meter|' +
  'heat pump|transformer|substation|pipeline|fuel station|oil well|solar project|energy saving plan|donor visit|' +
  'fundraising event|fundraising campaign|aid package|shelter bed|food parcel|food bank visit|relief mission|beneficiary|' +
  'helper|board member|board meeting|animal shelter|soup kitchen|permit application|business license|' +
  'planning application|public hearing|council meeting|polling station|town hall meeting|citizen request|street light|' +
  'pothole|road work|noise complaint|library card|library loan|park|playground|bus pass|tax bill|birth certificate|' +
  'marriage license|benefit claim|inspection visit|housing application|shop order|shopping cart|cart item|order item|' +
  'invoice line|purchase invoice|price sheet|price tag|clearance sale|stock order|delivery slot|customer order|' +
  'customer visit|store visit|store audit|gift basket|layaway|product return|product review|product recall|repair job|' +
  'repair request|repair ticket|repair estimate|spare part|workshop job|service job|service order|service call|' +
  'service contract|support ticket|support request|maintenance job|maintenance plan|maintenance visit|phone repair|' +
  'bike repair|car repair|warranty case|loaner car|tow request|windshield repair|body shop|cake order|bakery order|' +
  'food order|table booking|wine tasting|kitchen order|coffee machine|bar tab|meal plan|lunch order|cooking class|' +
  'travel claim|travel booking|hotel booking|flight booking|room reservation|excursion|cabin|campsite|tour booking|' +
  'travel agent|airport transfer|policy claim|policy renewal|insurance policy|insurance claim|payment plan|' +
  'payment reminder|loan payment|credit check|credit note|debit note|bank transfer|budget request|expense claim|' +
  'purchase request|purchase requisition|sales order|sales visit|sales call|onboarding|onboarding project|' +
  'onboarding task|equipment request|laptop|laptop request|access request|badge request|vacation request|' +
  'overtime request|sick note|job posting|training request|shift swap|staff meeting|team event|salary review|' +
  'mileage claim|audit entry|audit log|error log|sync log|project task|project plan|project phase|work package|work log|' +
  'decision|action item|meeting note|reminder|checklist|checklist item|change log|data import|data export|' +
  'status update|machine inspection|factory visit|work shift|safety check|safety inspection|quality report|lab sample|' +
  'lab order|lab report|prototype test|purchase contract|supplier invoice|vendor contract|vendor payment|quote|' +
  'quote line|price quote|estimate|work permit|vehicle lease|car wash|parking pass|bus route|bus trip|train ride|' +
  'taxi ride|ride|driving lesson|driving test|dog walk|dog training|grooming appointment|pet boarding|photo shoot|' +
  'photographer|wedding booking|tailor order|alteration|nail appointment|spa booking|massage|auction|auction lot|bid|' +
  'antique|stamp|coin|art piece|gallery|theater show|theater ticket|music lesson|choir|instrument rental|book order|' +
  'magazine issue|news article|podcast episode|radio spot|video shoot|membership application|membership fee|' +
  'membership card|club event|boat|boat rental|mooring|lighthouse|fishing license|hunting permit|camp|camper|summer camp|' +
  'babysitter|nursery place|household|neighborhood|moving job|moving quote|cleaning order|' +
  'pest control visit|window cleaning|lawn care visit|tree removal|pool service|security patrol|security guard|' +
  'alarm system|camera|lock change|key copy|flat|studio|terrace|garage|kiosk|market stall|food truck|vending machine|' +
  'branch office|branch|call center|hotline call'
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
