"""Works with an environment through Microsoft's own client as its users do, and prints what it saw as one line of JSON.

azure-identity gets the tokens, from an authority it is told; both trust the authority of the certificate by REQUESTS_CA_BUNDLE.
"""

import base64
import json
import os
import sys
import tempfile
import time
from enum import IntEnum

import requests
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import ClientSecretCredential
from PowerPlatform.Dataverse.client import DataverseClient
from PowerPlatform.Dataverse.core.errors import DataverseError, HttpError

ready = json.loads(sys.argv[1])
facts = {}


class Kind(IntEnum):
    Small = 1
    Large = 2


def credential(secret):
    return ClientSecretCredential(
        ready["tenant"],
        ready["client_id"],
        secret,
        authority=ready["https"],
        disable_instance_discovery=True,
    )


def refusal(work):
    try:
        work()
    except HttpError as error:
        return [error.status_code, error.details.get("service_error_code")]
    except DataverseError as error:
        return [error.code, error.subcode]
    return None


def sign_in():
    right = credential(ready["client_secret"])
    token = right.get_token(f"{ready['https']}/.default").token
    who = requests.get(
        f"{ready['https']}/api/data/v9.2/WhoAmI", headers={"Authorization": f"Bearer {token}"}, timeout=10
    ).json()
    try:
        credential("no").get_token(f"{ready['https']}/.default")
        refused = None
    except ClientAuthenticationError as error:
        refused = "AADSTS7000215" in str(error)
    facts["signed_in"] = {"who": sorted(key for key in who if key.endswith("Id")), "refused": refused}
    return DataverseClient(ready["https"], right)


def rows(client):
    made = client.records.create("account", {"name": "Ünï & <Co>", "address1_city": "Ulm"})
    client.records.update("account", made, {"telephone1": "1"})
    read = client.records.retrieve("account", made, select=["name", "telephone1"])
    many = client.records.create("contact", [{"lastname": f"L{number}"} for number in range(120)])
    client.records.update("contact", many, {"jobtitle": "T"})
    client.records.delete("account", made)
    facts["rows"] = {
        "read": [read["name"], read["telephone1"]],
        "many": len(set(many)),
        "gone": client.records.retrieve("account", made),
        "unknown": refusal(lambda: client.records.create("account", {"nope": "x"})),
        "long": refusal(lambda: client.records.create("account", {"name": "x" * 161})),
        "whole_or_none": refusal(
            lambda: client.records.create("contact", [{"lastname": "Z1"}, {"lastname": "x" * 51}])
        ),
        "none_of_it": len(client.records.list("contact", filter="lastname eq 'Z1'")),
    }


def queries(client):
    pages = list(client.records.list_pages("contact", select=["lastname"], filter="jobtitle eq 'T'", page_size=50))
    found = client.records.list("contact", filter="startswith(lastname,'L1')", orderby=["lastname desc"], top=2)
    facts["queries"] = {
        "pages": [len(page) for page in pages],
        "top": [record["lastname"] for record in found],
        "wrong": refusal(lambda: client.records.list("contact", filter="nope eq 1")),
    }


def tables(client):
    info = client.tables.create("new_Project", {"new_Code": "string", "new_Size": Kind, "new_Due": "datetime", "new_Cost": "decimal"})
    client.tables.create("new_Step", {"new_Rank": {"type": "int", "min_value": 0, "max_value": 9}})
    client.tables.add_columns("new_Project", {"new_Open": "bool"})
    client.tables.update_column("new_Project", "new_Code", {"max_length": 40})
    client.tables.create_lookup_field("new_step", "new_Project", "new_project", cascade_delete="Cascade")
    columns = client.tables.list_columns("new_Project", select=["LogicalName", "AttributeType"])
    facts["tables"] = {
        "set": info["entity_set_name"],
        "listed": any(table["LogicalName"] == "new_step" for table in client.tables.list()),
        "column": client.tables.get_column("new_Project", "new_Code", typed=True)["MaxLength"],
        "types": {
            column["LogicalName"]: column["AttributeType"]
            for column in columns
            if column["LogicalName"].startswith("new_") and column["LogicalName"] != "new_projectid"
        },
        "twice": refusal(lambda: client.tables.add_columns("new_Project", {"new_Open": "bool"})),
        "foreign": refusal(lambda: client.tables.create("zz_Thing", {})),
    }


def keys(client):
    client.tables.create_alternate_key("new_Project", "new_code_key", ["new_code"])
    for _ in range(100):
        status = client.tables.get_alternate_keys("new_Project")[0].status
        if status == "Active":
            break
        time.sleep(0.05)
    item = lambda code, record: {"alternate_key": {"new_code": code}, "record": record}  # noqa: E731
    for size in ("Small", "Large"):
        client.records.upsert("new_Project", [item("é/1 'q'", {"new_size": size})])
    client.records.upsert("new_Project", [item(f"P{number}", {"new_name": "n"}) for number in range(30)])
    client.records.upsert("new_Project", [item(f"P{number}", {"new_name": "m"}) for number in range(40)])
    slash = client.records.list("new_Project", filter="new_code eq 'é/1 ''q'''", select=["new_size"])
    project = client.records.list("new_Project", filter="new_name eq 'm'", select=["new_code"])
    steps = [{"new_name": "s", "new_Project@odata.bind": f"/new_projects(new_code='P{number}')"} for number in range(3)]
    client.records.create("new_Step", steps)
    facts["keys"] = {
        "status": status,
        "slash": [record["new_size"] for record in slash],
        "upserted": len(project),
        "linked": len(client.records.list("new_Step", filter="new_Project/new_code eq 'P1'")),
        "duplicate": refusal(lambda: client.records.create("new_Project", {"new_code": "p1"})),
    }


def batches(client):
    batch = client.batch.new()
    batch.records.create("account", {"name": "B1"})
    with batch.changeset() as changes:
        made = changes.records.create("account", {"name": "B2"})
        changes.records.update("account", made, {"telephone1": "2"})
    good = batch.execute()
    batch = client.batch.new()
    batch.records.create("account", {"name": "C1"})
    with batch.changeset() as changes:
        changes.records.create("account", {"name": "C2"})
        changes.records.create("account", {"name": "x" * 161})
    batch.records.create("account", {"name": "C3"})
    bad = batch.execute(continue_on_error=True)
    found = client.records.list("account", filter="startswith(name,'B') or startswith(name,'C')", orderby=["name asc"])
    facts["batches"] = {
        "good": [answer.status_code for answer in good.responses],
        "bad": [[answer.status_code, answer.error_code] for answer in bad.responses],
        "found": [[record["name"], record["telephone1"]] for record in found],
    }


def notes(client):
    account = client.records.create("account", {"name": "Noted"})
    data = bytes(range(256)) * 40
    bound = {"objectid_account@odata.bind": f"/accounts({account})"}
    made = client.records.create(
        "annotation",
        {"subject": "F", "filename": "f.bin", "documentbody": base64.b64encode(data).decode(), **bound},
    )
    read = client.records.retrieve("annotation", made, select=["documentbody", "filesize"])
    client.records.delete("account", account)
    facts["notes"] = {
        "size": read["filesize"],
        "same": base64.b64decode(read["documentbody"]) == data,
        "gone_with_account": client.records.retrieve("annotation", made),
        "blocked": refusal(lambda: client.records.create("annotation", {"filename": "f.exe"})),
    }


def files(client):
    """The client makes the file column itself where there is none."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "plan.bin")
        data = bytes(range(256)) * 20_000
        with open(path, "wb") as file:
            file.write(data)
        project = client.records.create("new_Project", {"new_name": "filed"})
        facts["files"] = {}
        for mode in ("small", "chunk"):
            client.files.upload("new_Project", project, "new_Plan", path, mode=mode, if_none_match=False)
            url = f"{ready['https']}/api/data/v9.2/new_projects({project})/new_plan/$value"
            token = client.auth.credential.get_token(f"{ready['https']}/.default").token
            got = requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=30)
            facts["files"][mode] = [got.content == data, got.headers["x-ms-file-name"]]


def main():
    with sign_in() as client:
        for work in (rows, queries, tables, keys, batches, notes, files):
            work(client)
    print(json.dumps(facts))


main()
