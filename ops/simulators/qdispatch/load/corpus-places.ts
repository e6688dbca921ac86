import type { Ledger } from "../truth/ledger.ts";
import { born, put } from "./born.ts";
import type { Request } from "./corpus.ts";

/** What a request's job points at. */
export interface Place {
  readonly customer: string | null;
  readonly location: string | null;
  readonly zone: string | null;
  readonly technician: string;
}

/** Makes customers, locations, zones and technicians as the requests first name them. */
export function corpusPlaces(ledger: Ledger): { of(request: Request, at: number): Place } {
  const technicians = new Map<string, string>();
  const zones = new Map<string, string>();
  const customers = new Set<string>();

  const technicianOf = (queue: string, at: number): string =>
    numbered(technicians, queue, (id) =>
      put(ledger, "technician", {
        ...born(id, at),
        user_id: null,
        name: queue,
        email: null,
        phone: null,
        skills: [],
        zone_ids: [],
        hourly_rate: null,
        home_location: null,
        employee_number: null,
        custom: [],
      }),
    );
  const zoneOf = (name: string, at: number): string | null =>
    name === ""
      ? null
      : numbered(zones, name, (id) =>
          put(ledger, "zone", { ...born(id, at), name, postal_codes: [] }),
        );

  return {
    of(request, at) {
      const { Property_ID: property = "", QUEUE: queue = "", neighborhood = "" } = request;
      const [technician, zone] = [technicianOf(queue, at), zoneOf(neighborhood, at)];
      // The file gives ids as floats, 62518.0; the id itself is the whole number.
      const customer = property === "" ? null : property.replace(/\.0$/, "");
      if (customer !== null && !customers.has(customer)) {
        customers.add(customer);
        addCustomer(ledger, customer, request, { at, zone });
      }
      return { customer, location: customer, zone, technician };
    },
  };
}

function addCustomer(
  ledger: Ledger,
  id: string,
  request: Request,
  { at, zone }: { at: number; zone: string | null },
): void {
  const { Location: text = "", Property_Type: type = "", ward = "" } = request;
  // "46 Garden St  Boston  MA  02114": two spaces part street, city, state and zip; crossings have no zip.
  const [line1 = "", city, region] = text.split("  ");
  put(ledger, "customer", {
    ...born(id, at),
    name: text.replaceAll("  ", ", "),
    kind: "other",
    account_number: id,
    billing_address_id: id,
    preferred_windows: [],
    tags: [],
    custom: [{ key: "Property_Type", label: "Property_Type", value: type }],
  });
  put(ledger, "service_location", {
    ...born(id, at),
    customer_id: id,
    label: null,
    kind: "service",
    line1,
    line2: null,
    city: city ?? null,
    region: region ?? null,
    postal_code: request["LOCATION_ZIPCODE"] || null,
    country: "US",
    lat: request["LATITUDE"] || null,
    lng: request["LONGITUDE"] || null,
    zone_id: zone,
    is_primary: true,
    tags: [],
    custom: ward === "" ? [] : [{ key: "ward", label: "ward", value: ward }],
  });
}

function numbered(known: Map<string, string>, name: string, make: (id: string) => void): string {
  const found = known.get(name);
  if (found !== undefined) return found;
  const id = String(1001 + known.size);
  known.set(name, id);
  make(id);
  return id;
}
