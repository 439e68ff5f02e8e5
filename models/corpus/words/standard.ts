/** Standard objects and fields of models/TASKS.md, with values that orgs have. */
import type { Field, FieldType } from '../nouns.js';

export interface StandardObject {
  readonly api: string;
  readonly label: string;
  readonly plural: string;
  readonly nameField: string;
  readonly fields: readonly Field[];
}

function field(api: string, label: string, type: FieldType): Field {
  return { api, label, type, values: [], target: null };
}

function list(api: string, label: string, values: string): Field {
  return { api, label, type: 'picklist', values: values.split('|'), target: null };
}

function lookup(api: string, label: string, target: string): Field {
  return { api, label, type: 'reference', values: [], target };
}

/** Fields that every object has besides its name. */
export const systemFields: readonly Field[] = [
  lookup('OwnerId', 'owner', 'User'),
  field('CreatedDate', 'created date', 'datetime'),
  field('LastModifiedDate', 'last modified date', 'datetime'),
];

/** Other words for a standard field; the first word is its label. */
export const otherLabels: Readonly<Record<string, readonly string[]>> = {
  AnnualRevenue: ['revenue', 'yearly revenue'],
  NumberOfEmployees: ['employee count'],
  BillingCity: ['city'],
  BillingState: ['state'],
  BillingCountry: ['country'],
  MailingCity: ['city'],
  MailingCountry: ['country'],
  AccountSource: ['source'],
  LeadSource: ['source'],
  MobilePhone: ['mobile', 'mobile number', 'cell phone'],
  Phone: ['phone number'],
  Email: ['email address', 'e-mail'],
  Birthdate: ['birthday', 'date of birth'],
  Title: ['job title'],
  StageName: ['stage name', 'sales stage'],
  CloseDate: ['closing date'],
  ForecastCategoryName: ['forecast'],
  ActivityDate: ['activity date'],
  StartDateTime: ['start'],
  EndDateTime: ['end'],
  BudgetedCost: ['budget'],
  TotalAmount: ['total'],
  EffectiveDate: ['order start date'],
  Family: ['family'],
  SerialNumber: ['serial no'],
  CreatedDate: ['creation date'],
  LastModifiedDate: ['modified date'],
  ContractTerm: ['term'],
  ProductCode: ['code'],
};

const industries =
  'Banking|Technology|Healthcare|Education|Energy|Finance|Retail|Manufacturing|Insurance|Construction|Agriculture|' +
  'Biotechnology|Chemicals|Communications|Consulting|Electronics|Engineering|Entertainment|Government|Hospitality|' +
  'Media|Telecommunications|Transportation|Utilities|Shipping|Apparel|Environmental|Machinery|Recreation|Food & Beverage|Not For Profit|Automotive|Real Estate|Pharmaceuticals';
const leadSources =
  'Web|Web|Phone Inquiry|Partner Referral|Purchased List|Other|Trade Show|Advertisement|Employee Referral|Referral|Webinar';
const ratings = 'Hot|Warm|Cold';

function account(): readonly Field[] {
  return [
    field('Name', 'name', 'text'),
    list('Industry', 'industry', industries),
    field('AnnualRevenue', 'annual revenue', 'currency'),
    field('NumberOfEmployees', 'number of employees', 'integer'),
    list('Rating', 'rating', ratings),
    list(
      'Type',
      'type',
      'Customer|Prospect|Partner|Competitor|Reseller|Vendor|Investor|Supplier|Distributor|Demo',
    ),
    field('BillingCity', 'billing city', 'text'),
    field('BillingState', 'billing state', 'text'),
    field('BillingCountry', 'billing country', 'text'),
    field('Phone', 'phone', 'phone'),
    field('Website', 'website', 'text'),
    field('Description', 'description', 'text'),
    list('AccountSource', 'account source', leadSources),
    lookup('ParentId', 'parent account', 'Account'),
  ];
}

function contact(): readonly Field[] {
  return [
    field('Name', 'name', 'text'),
    field('FirstName', 'first name', 'text'),
    field('LastName', 'last name', 'text'),
    field('Email', 'email', 'email'),
    field('Phone', 'phone', 'phone'),
    field('MobilePhone', 'mobile phone', 'phone'),
    field('Title', 'title', 'text'),
    list('Department', 'department', departments),
    field('MailingCity', 'mailing city', 'text'),
    field('MailingCountry', 'mailing country', 'text'),
    field('Birthdate', 'birthdate', 'date'),
    field('HasOptedOutOfEmail', 'opted out of email', 'checkbox'),
    list('LeadSource', 'lead source', leadSources),
    lookup('AccountId', 'account', 'Account'),
  ];
}

const departments =
  'Sales|Marketing|Finance|Legal|Operations|Engineering|Procurement|Support|IT|Human Resources|Logistics|Research|Purchasing|Production|Quality|Contractors|Customer Service|Product';

function lead(): readonly Field[] {
  return [
    field('Name', 'name', 'text'),
    field('FirstName', 'first name', 'text'),
    field('LastName', 'last name', 'text'),
    field('Company', 'company', 'text'),
    list('Status', 'status', 'Open|New|Contacted|Working|Qualified|Unqualified|Nurturing|Recycled|Closed'),
    list('LeadSource', 'lead source', leadSources),
    field('Email', 'email', 'email'),
    field('Phone', 'phone', 'phone'),
    list('Rating', 'rating', ratings),
    field('AnnualRevenue', 'annual revenue', 'currency'),
    field('NumberOfEmployees', 'number of employees', 'integer'),
    list('Industry', 'industry', industries),
    field('Title', 'title', 'text'),
    field('City', 'city', 'text'),
    field('Country', 'country', 'text'),
    field('IsConverted', 'converted', 'checkbox'),
  ];
}

function opportunity(): readonly Field[] {
  return [
    field('Name', 'name', 'text'),
    list(
      'StageName',
      'stage',
      'Prospecting|Qualification|Needs Analysis|Value Proposition|Proposal|Negotiation|Closed Won|Closed Lost|Discovery|Perception Analysis|Demo|Contract Sent',
    ),
    field('Amount', 'amount', 'currency'),
    field('CloseDate', 'close date', 'date'),
    field('Probability', 'probability', 'integer'),
    list('Type', 'type', 'New Business|Existing Business|Renewal|Upsell|Upgrade|Cross-Sell|Downgrade'),
    list('LeadSource', 'lead source', leadSources),
    field('NextStep', 'next step', 'text'),
    field('IsClosed', 'closed', 'checkbox'),
    field('IsWon', 'won', 'checkbox'),
    list('ForecastCategoryName', 'forecast category', 'Pipeline|Best Case|Commit|Omitted|Closed'),
    lookup('AccountId', 'account', 'Account'),
  ];
}

function supportCase(): readonly Field[] {
  return [
    field('CaseNumber', 'case number', 'text'),
    list(
      'Status',
      'status',
      'New|Working|Escalated|In Progress|On Hold|Waiting on Customer|Resolved|Closed|Pending|Waiting',
    ),
    list('Priority', 'priority', 'High|Medium|Low|Critical'),
    list('Origin', 'origin', 'Phone|Email|Web|Chat|Portal|Social'),
    field('Subject', 'subject', 'text'),
    field('Description', 'description', 'text'),
    list(
      'Reason',
      'reason',
      'Installation|Performance|Breakdown|Feedback|Equipment Design|Billing|Complaint|Waiting|Delivery|Other',
    ),
    list('Type', 'type', 'Problem|Question|Feature Request|Incident|Mechanical|Electrical|Structural'),
    field('IsClosed', 'closed', 'checkbox'),
    field('IsEscalated', 'escalated', 'checkbox'),
    lookup('ContactId', 'contact', 'Contact'),
    lookup('AccountId', 'account', 'Account'),
    field('ClosedDate', 'closed date', 'datetime'),
  ];
}

function task(): readonly Field[] {
  return [
    field('Subject', 'subject', 'text'),
    list('Status', 'status', 'Not Started|In Progress|Completed|Waiting on someone else|Deferred'),
    list('Priority', 'priority', 'High|Normal|Low'),
    field('ActivityDate', 'due date', 'date'),
    field('Description', 'description', 'text'),
    field('IsClosed', 'closed', 'checkbox'),
    lookup('WhatId', 'related record', 'Account'),
    lookup('WhoId', 'contact', 'Contact'),
  ];
}

function event(): readonly Field[] {
  return [
    field('Subject', 'subject', 'text'),
    field('StartDateTime', 'start time', 'datetime'),
    field('EndDateTime', 'end time', 'datetime'),
    field('Location', 'location', 'text'),
    field('IsAllDayEvent', 'all-day', 'checkbox'),
    lookup('WhatId', 'related record', 'Account'),
    lookup('WhoId', 'contact', 'Contact'),
  ];
}

function campaign(): readonly Field[] {
  return [
    field('Name', 'name', 'text'),
    list('Status', 'status', 'Planned|In Progress|Completed|Aborted'),
    list(
      'Type',
      'type',
      'Conference|Webinar|Trade Show|Email|Advertisement|Direct Mail|Partners|Telemarketing|Banner Ads',
    ),
    field('StartDate', 'start date', 'date'),
    field('EndDate', 'end date', 'date'),
    field('IsActive', 'active', 'checkbox'),
    field('BudgetedCost', 'budgeted cost', 'currency'),
    field('ActualCost', 'actual cost', 'currency'),
    field('ExpectedRevenue', 'expected revenue', 'currency'),
    field('NumberSent', 'number sent', 'integer'),
  ];
}

function contract(): readonly Field[] {
  return [
    field('ContractNumber', 'contract number', 'text'),
    list('Status', 'status', 'Draft|In Approval Process|Activated|Expired|Terminated'),
    field('StartDate', 'start date', 'date'),
    field('EndDate', 'end date', 'date'),
    field('ContractTerm', 'contract term', 'integer'),
    lookup('AccountId', 'account', 'Account'),
    field('Description', 'description', 'text'),
  ];
}

function order(): readonly Field[] {
  return [
    field('OrderNumber', 'order number', 'text'),
    list('Status', 'status', 'Draft|Activated|Shipped|Delivered|Cancelled'),
    field('TotalAmount', 'total amount', 'currency'),
    field('EffectiveDate', 'effective date', 'date'),
    list('Type', 'type', 'New|Renewal|Replacement|Return|Standard|Express'),
    field('BillingCity', 'billing city', 'text'),
    field('BillingCountry', 'billing country', 'text'),
    lookup('AccountId', 'account', 'Account'),
  ];
}

function product(): readonly Field[] {
  return [
    field('Name', 'name', 'text'),
    field('ProductCode', 'product code', 'text'),
    list(
      'Family',
      'product family',
      'Hardware|Software|Services|Accessories|Licenses|Training|Maintenance|Spare Parts|Legacy|Consumables|Support|Subscriptions',
    ),
    field('IsActive', 'active', 'checkbox'),
    field('Description', 'description', 'text'),
    list('QuantityUnitOfMeasure', 'quantity unit of measure', 'Each|Box|Kilogram|Liter|Hour|Pallet|Meter'),
  ];
}

function asset(): readonly Field[] {
  return [
    field('Name', 'name', 'text'),
    list('Status', 'status', 'Shipped|Installed|Registered|Obsolete|Purchased|Retired'),
    field('SerialNumber', 'serial number', 'text'),
    field('Quantity', 'quantity', 'integer'),
    field('Price', 'price', 'currency'),
    field('PurchaseDate', 'purchase date', 'date'),
    field('InstallDate', 'install date', 'date'),
    field('UsageEndDate', 'usage end date', 'date'),
    lookup('AccountId', 'account', 'Account'),
    lookup('Product2Id', 'product', 'Product2'),
  ];
}

function user(): readonly Field[] {
  return [
    field('Name', 'name', 'text'),
    field('Username', 'username', 'email'),
    field('Email', 'email', 'email'),
    field('IsActive', 'active', 'checkbox'),
    list('Department', 'department', departments),
    field('Title', 'title', 'text'),
    lookup('UserRoleId', 'user role', 'UserRole'),
  ];
}

function object(
  api: string,
  label: string,
  plural: string,
  nameField: string,
  fields: readonly Field[],
): StandardObject {
  return { api, label, plural, nameField, fields };
}

export const standardObjects: readonly StandardObject[] = [
  object('Account', 'account', 'accounts', 'Name', account()),
  object('Contact', 'contact', 'contacts', 'Name', contact()),
  object('Lead', 'lead', 'leads', 'Name', lead()),
  object('Opportunity', 'opportunity', 'opportunities', 'Name', opportunity()),
  object('Case', 'case', 'cases', 'CaseNumber', supportCase()),
  object('Task', 'task', 'tasks', 'Subject', task()),
  object('Event', 'event', 'events', 'Subject', event()),
  object('Campaign', 'campaign', 'campaigns', 'Name', campaign()),
  object('Contract', 'contract', 'contracts', 'ContractNumber', contract()),
  object('Order', 'order', 'orders', 'OrderNumber', order()),
  object('Product2', 'product', 'products', 'Name', product()),
  object('Asset', 'asset', 'assets', 'Name', asset()),
  object('User', 'user', 'users', 'Name', user()),
];

/** `Object.Field` that no one can set. */
export const readOnly: ReadonlySet<string> = new Set([
  'Contact.Name',
  'Lead.Name',
  'Lead.IsConverted',
  'User.Name',
  'Opportunity.IsClosed',
  'Opportunity.IsWon',
  'Case.CaseNumber',
  'Case.IsClosed',
  'Case.ClosedDate',
  'Task.IsClosed',
  'Contract.ContractNumber',
  'Contract.EndDate',
  'Order.OrderNumber',
  'Order.TotalAmount',
]);
