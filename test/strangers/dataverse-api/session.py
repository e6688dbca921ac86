"""Works with an environment through dataverse-api as its users do, over plain http, and prints what it saw as one line of JSON.

The library takes any session of requests that signs its calls; this one asks for its token as the form of the token endpoint says.
"""

import json
import logging
import sys
import time

import requests
from dataverse_api import DataverseClient
from dataverse_api.errors import DataverseAPIError, DataverseError
from dataverse_api.metadata.attributes import IntegerAttributeMetadata, StringAttributeMetadata
from dataverse_api.metadata.complex_properties import create_label
from dataverse_api.metadata.entity import define_entity
from dataverse_api.metadata.enums import OwnershipType
from dataverse_api.metadata.helpers import Publisher
from dataverse_api.metadata.relationships import define_relationship

logging.disable(logging.CRITICAL)
ready = json.loads(sys.argv[1])
facts = {}


def token(secret):
    form = {
        "grant_type": "client_credentials",
        "client_id": ready["client_id"],
        "client_secret": secret,
        "scope": f"{ready['http']}/.default",
    }
    return requests.post(f"{ready['http']}/{ready['tenant']}/oauth2/v2.0/token", data=form, timeout=10).json()


def refusal(work):
    try:
        work()
    except DataverseAPIError as error:
        return [error.response.status_code, error.response.json()["error"]["code"]]
    except DataverseError as error:
        return str(error)
    return None


def sign_in():
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {token(ready['client_secret'])['access_token']}"
    client = DataverseClient(session=session, environment_url=f"{ready['http']}/")
    facts["signed_in"] = {
        "who": sorted(session.get(f"{ready['http']}/api/data/v9.2/WhoAmI", timeout=10).json()),
        "refused": token("no")["error"],
        "languages": client.get_language_codes(),
    }
    return client


def metadata(client):
    client.create_publisher(Publisher("Py", "py", "of the stranger", "pd", 50_000))

    def named(name, **more):
        return StringAttributeMetadata(schema_name=name, display_name=create_label(label=name), description=create_label(label=name), **more)

    for table in ("pd_Site", "pd_Visit"):
        attributes = [named("pd_Name", is_primary_name=True), named("pd_Code", max_length=50)]
        entity = define_entity(table, attributes=attributes, ownership_type=OwnershipType.USER_OWNED, has_notes=True)
        client.create_entity(entity)
    lookup = define_relationship("pd_site_visits", "pd_visit", "pd_site", "pd_Site")
    lookup.lookup.schema_name = "pd_Site"
    client.create_relationship(lookup)
    site = client.entity("pd_site")
    site.add_attribute(
        IntegerAttributeMetadata(
            schema_name="pd_Count",
            display_name=create_label(label="C"),
            description=create_label(label="C"),
            min_value=0,
            max_value=1_000,
        )
    )
    read = client.get_entity_definition("pd_site")
    facts["metadata"] = {
        "set": site.entity_set_name,
        "id": site.primary_id_attr,
        "read": [read.schema_name, read.has_notes],
        "visits": "pd_Site" in client.entity("pd_visit").relationships.single_valued,
        "multiple": site.supports_create_multiple,
        "twice": refusal(lambda: client.create_entity(entity)),
    }


def make_key(client):
    """The library's own way to make a key fails before it calls; its session makes one instead."""
    site = client.entity("pd_site")
    body = {"SchemaName": "pd_code_key", "KeyAttributes": ["pd_code"]}
    client._api_call("POST", "EntityDefinitions(LogicalName='pd_site')/Keys", json=body)
    for _ in range(100):
        site.update_schema("altkeys")
        key = client._api_call("GET", "EntityDefinitions(LogicalName='pd_site')/Keys").json()["value"][0]
        if key["EntityKeyIndexStatus"] == "Active":
            break
        time.sleep(0.05)
    facts["key"] = site.alternate_keys


def rows(client):
    site = client.entity("pd_site")
    statuses = lambda answers: sorted({answer.status_code for answer in answers})  # noqa: E731
    mixed = [{"pd_name": "one", "pd_code": "A"}, {"pd_name": "x" * 101}, {"pd_name": "two", "pd_code": "a"}]
    facts["rows"] = {
        "individual": statuses(site.create(mixed)),
        "multiple": statuses(site.create([{"pd_name": "m", "pd_count": n} for n in range(600)], mode="multiple")),
        "whole_or_none": statuses(site.create([{"pd_name": "good"}, {"pd_name": "x" * 101}], mode="multiple")),
        "batch": statuses(site.create([{"pd_name": "b"} for _ in range(120)], mode="batch", batch_size=50)),
        "upsert": statuses(
            site.upsert([{"pd_code": "O'Brien", "pd_count": n} for n in (1, 2)], altkey_name="pd_code_key")
        ),
        "upsert_batch": statuses(
            site.upsert([{"pd_code": f"K{n}", "pd_name": "k"} for n in range(30)], mode="batch", altkey_name="pd_code_key")
        ),
    }
    pages = site.read(select=["pd_count"], filter="pd_name eq 'm'", page_size=250, return_responses=True)
    quoted = site.read(select=["pd_count"], filter="pd_code eq 'O''Brien'")
    facts["reads"] = {
        "pages": [len(page.json()["value"]) for page in pages],
        "quoted": [row["pd_count"] for row in quoted],
        "none_of_it": len(site.read(filter="pd_name eq 'good'")),
        "wrong": refusal(lambda: site.read(filter="nope eq 1")),
    }
    facts["deleted"] = {
        "batch": statuses(site.delete(mode="batch", filter="pd_name eq 'm'")),
        "left": len(site.read(filter="pd_name eq 'm'")),
    }


def notes(client):
    annotation = client.entity("annotation")
    data = [{"subject": "s", "filename": "a.txt", "documentbody": "aGVsbG8="}]
    made = annotation.create(data, return_created=True)[0].json()
    facts["notes"] = {
        "size": made["filesize"],
        "multiple": refusal(lambda: annotation.create(data, mode="multiple")) is not None,
    }


def main():
    client = sign_in()
    for work in (metadata, make_key, rows, notes):
        work(client)
    print(json.dumps(facts))


main()
