/** First names of people. */
export const firstNames =
  "Ada Ben Carla Dmitri Elena Farid Grace Hugo Ines Jamal Kofi Leila Marta Nils Olga Pedro Quinn Rosa Sven Tomas Uma Victor Wen Ximena Yusuf Zoë Anaïs Björn Siobhán Łukasz".split(
    " ",
  );

/** Last names of people, some of them hard on naive code. */
export const lastNames =
  "Adams Baker Chen Delgado Evans Fischer Garcia Hassan Ivanov Jensen Kaur Lopez Murphy Nguyen O'Brien Patel Quist Rossi Santos Tanaka Usman Vogel Walsh Xu Young Zimmermann d'Angelo McGee Null Müller".split(
    " ",
  );

/** Beginnings of company names. */
export const companyWords =
  "Harbor Beacon Granite Maple Union Summit Copley Fenway Charles Liberty Seaport Quarry Orchard Lantern Pioneer Atlas Keystone Juniper Cobalt Willow".split(
    " ",
  );

/** What companies do. */
export const companyKinds = [
  "Dental Group",
  "Property Management",
  "Bakery",
  "Hotel",
  "Cold Storage",
  "Elementary School",
  "Auto Body",
  "Fitness",
  "Law Offices",
  "Brewing",
  "Condominium Trust",
  "Market",
];

/** Street names. */
export const streets = [
  "Beacon St",
  "Tremont St",
  "Massachusetts Ave",
  "Blue Hill Ave",
  "Centre St",
  "Dorchester Ave",
  "Washington St",
  "Hyde Park Ave",
  "Cambridge St",
  "Meridian St",
  "Park Dr",
  "St. Mary's Ct",
];

/** Cities with their postal code. */
export const cities = [
  { city: "Boston", zip: "02116" },
  { city: "Dorchester", zip: "02124" },
  { city: "Roxbury", zip: "02119" },
  { city: "Jamaica Plain", zip: "02130" },
  { city: "East Boston", zip: "02128" },
  { city: "Cambridge", zip: "02139" },
  { city: "Somerville", zip: "02143" },
  { city: "Brookline", zip: "02446" },
  { city: "Quincy", zip: "02169" },
];

/** What jobs are done to. */
export const equipment = [
  "rooftop unit",
  "walk-in cooler",
  "boiler",
  "water heater",
  "heat pump",
  "sump pump",
  "exhaust fan",
  "ice machine",
  "panel board",
  "garage door",
];

/** What is done in a job. */
export const works = ["Repair", "Replace", "Inspect", "Install", "Tune up", "Diagnose"];

/** Kinds of service. */
export const serviceTypes = ["HVAC", "Plumbing", "Electrical", "Refrigeration", "Inspection"];

/** Skills of technicians. */
export const skillNames = ["EPA 608", "Gas fitting", "Backflow", "High voltage", "OSHA 30"];

/** Sentences of job descriptions. */
export const sentences = [
  "Customer reports a rattling noise since Monday.",
  "No hot water on the second floor.",
  "Breaker trips when the compressor starts.",
  "Access through the loading dock, ask for the key.",
  "Unit was serviced last spring.",
  "Please call 30 minutes ahead.",
  "Dog on the premises.",
  "Warranty claim, keep the failed part.",
];
