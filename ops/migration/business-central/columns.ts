/** The files of phase two with their columns, named as Business Central's import names the fields. */
export const columns = {
  "customers.csv": [
    ...["No.", "Name", "Address", "Address 2", "City", "County", "Post Code"],
    ...["Country/Region Code", "Phone No.", "E-Mail", "Home Page", "Currency Code"],
    ...["Credit Limit", "Blocked", "Account No.", "Source System ID"],
  ],
  "sales-invoice-headers.csv": [
    ...[
      "Document Type",
      "No.",
      "Sell-to Customer No.",
      "Posting Date",
      "Document Date",
      "Due Date",
    ],
    ...["Currency Code", "External Document No.", "Your Reference", "Corrected Document No."],
    ...["Amount", "Tax Amount", "Fees", "Discount Amount", "Amount Including Tax"],
    ...["Source Status", "Work Order No.", "Source System ID"],
  ],
  "sales-invoice-lines.csv": [
    ...["Document Type", "Document No.", "Line No.", "Source Kind", "Item Reference No."],
    ...["Service Type", "Description", "Quantity", "Unit of Measure Code", "Unit Price"],
    ...["Unit Cost", "Tax Amount", "Line Amount", "Currency Code", "Taxable", "Source System ID"],
  ],
  "cash-receipt-journal.csv": [
    ...["Document Type", "Document No.", "Line No.", "Posting Date", "Account Type", "Account No."],
    ...["Amount", "Currency Code", "Applies-to Doc. Type", "Applies-to Doc. No."],
    ...["Payment Method Code", "External Document No.", "Description", "Corrected Document No."],
    ...["Source Status", "Received At", "Source System ID"],
  ],
  "findings.csv": ["File", "No.", "Finding"],
} as const;

/** The name of a file of the set. */
export type FileName = keyof typeof columns;
