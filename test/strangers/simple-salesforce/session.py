"""Works with an org through simple-salesforce as its users do, and prints what it saw as one line of JSON.

The library always calls https://<domain>.salesforce.com to sign in; the session below, a documented
option of its constructor, sends those calls to the org under test and leaves everything else alone.
"""

import base64
import json
import sys
import warnings

import requests
from requests.adapters import HTTPAdapter
from simple_salesforce import Salesforce, SalesforceLogin
from simple_salesforce.exceptions import (
    SalesforceAuthenticationFailed,
    SalesforceExpiredSession,
)

warnings.simplefilter("ignore")
ready = json.loads(sys.argv[1])
facts = {}


class LoginHere(HTTPAdapter):
    def send(self, request, **options):
        request.url = ready["https"] + request.path_url
        return super().send(request, **options)


def session():
    made = requests.Session()
    for host in ("login", "test", "cutover.my"):
        made.mount(f"https://{host}.salesforce.com", LoginHere())
    return made


def refusal(work):
    try:
        work()
    except SalesforceAuthenticationFailed as error:
        return error.code
    except Exception as error:  # the facts say which
        return [type(error).__name__, getattr(error, "content", str(error))]
    return None


def sign_in():
    user, app = ready["user"], ready["client_id"]
    secret, password = ready["client_secret"], ready["password"]
    grants = {
        "soap": dict(username=user, password=password, security_token=ready["security_token"]),
        "password": dict(username=user, password=password, consumer_key=app, consumer_secret=secret),
        "jwt": dict(username=user, consumer_key=app, privatekey_file=ready["jwt_key_file"]),
        "client_credentials": dict(consumer_key=app, consumer_secret=secret, domain="cutover.my"),
    }
    clients = {name: Salesforce(session=session(), **given) for name, given in grants.items()}
    facts["signed_in"] = {
        name: client.query("SELECT Id FROM User LIMIT 1")["totalSize"] for name, client in clients.items()
    }
    facts["refused"] = {
        "soap": refusal(lambda: SalesforceLogin(session=session(), username=user, password="no", security_token="x")),
        "password": refusal(
            lambda: SalesforceLogin(
                session=session(), username=user, password="no", consumer_key=app, consumer_secret=secret
            )
        ),
        "client": refusal(
            lambda: SalesforceLogin(session=session(), consumer_key=app, consumer_secret="no", domain="cutover.my")
        ),
    }
    return clients["jwt"]


def look_around(sf):
    described = sf.describe()
    case = sf.Case.describe()
    facts["describe"] = {
        "batch": described["maxBatchSize"],
        "has_case": any(one["name"] == "Case" for one in described["sobjects"]),
        "case_prefix": case["keyPrefix"],
        "field_keys": len(case["fields"][0]),
    }
    facts["metadata"] = sf.Account.metadata()["objectDescribe"]["name"]
    facts["daily"] = sf.limits()["DailyApiRequests"]["Max"]
    facts["usage_header"] = sf.api_usage["api-usage"].total
    facts["identity"] = sf.oauth2("userinfo")["preferred_username"]
    facts["sandbox"] = sf.is_sandbox()


def create_fields(sf):
    api = sf.mdapi
    name = api.CustomField
    field = name(
        fullName="Account.Py_Key__c",
        label="Py Key",
        type=api._client.get_type("ns0:FieldType")("Text"),
        length=40,
        externalId=True,
        unique=True,
    )
    before = [one["name"] for one in sf.Account.describe()["fields"]]
    api.CustomField.create([field])
    hidden = [one["name"] for one in sf.Account.describe()["fields"]]
    duplicate = refusal(lambda: api.CustomField.create([field]))
    set_id = sf.query("SELECT Id FROM PermissionSet WHERE Name = 'Cutover_Integration'")["records"][0]["Id"]
    sf.FieldPermissions.create(
        {
            "ParentId": set_id,
            "SobjectType": "Account",
            "Field": "Account.Py_Key__c",
            "PermissionsRead": True,
            "PermissionsEdit": True,
        }
    )
    after = [one["name"] for one in sf.Account.describe()["fields"]]
    read = api.CustomField.read(["Account.Py_Key__c"])
    described = api.describe_metadata()
    query = api._client.get_type("ns0:ListMetadataQuery")(type="CustomField")
    facts["created_field"] = {
        "before": "Py_Key__c" in before,
        "hidden": "Py_Key__c" in hidden,
        "granted": "Py_Key__c" in after,
        "read": [read.fullName, int(read.length), read.externalId],
        "duplicate": "DUPLICATE_DEVELOPER_NAME" in str(duplicate),
        "kinds": sorted(one.xmlName for one in described.metadataObjects),
        "listed": "Account.Py_Key__c" in [one.fullName for one in api.list_metadata([query])],
    }


def rows(sf):
    made = sf.Account.create({"Name": "Ünï & <Co>", "Py_Key__c": "a/1"})
    by_key = sf.Account.get_by_custom_id("Py_Key__c", "a/1")
    facts["row"] = {
        "created": made["success"],
        "name": by_key["Name"],
        "updated": sf.Account.update(made["id"], {"Phone": "1"}),
        "upserted": sf.Account.upsert("Py_Key__c/a%2F1", {"Phone": "2"}),
        "inserted": sf.Account.upsert("Py_Key__c/b", {"Name": "B"}),
        "read": sf.Account.get(made["id"])["Phone"],
        "deleted": sf.Account.delete(made["id"]),
    }
    missing = made["id"]
    facts["row_errors"] = {
        "required": refusal(lambda: sf.Account.create({"Phone": "1"})),
        "unknown": refusal(lambda: sf.Account.create({"Name": "A", "Nope__c": "1"})),
        "gone": refusal(lambda: sf.Account.get(missing)),
        "query": refusal(lambda: sf.query("SELECT Nope FROM Account")),
    }


def bulk(sf):
    records = [{"Name": f"Bulk {n}", "Py_Key__c": f"k{n}"} for n in range(2500)]
    [done] = sf.bulk2.Account.insert(records=records, wait=1)
    partial = [{"Name": "Again", "Py_Key__c": "k1"}, {"Name": "New", "Py_Key__c": "new"}]
    [mixed] = sf.bulk2.Account.insert(records=partial, wait=1)
    failed = sf.bulk2.Account.get_failed_records(mixed["job_id"])
    good = sf.bulk2.Account.get_successful_records(mixed["job_id"])
    updates = [{"Py_Key__c": f"k{n}", "Phone": str(n)} for n in range(10)]
    [upserted] = sf.bulk2.Account.upsert(records=updates, external_id_field="Py_Key__c", wait=1)
    whole = refusal(lambda: sf.bulk2.Account.insert(records=[{"Name": "A", "Nope__c": "1"}], wait=1))
    facts["bulk"] = {
        "insert": [done["numberRecordsProcessed"], done["numberRecordsFailed"]],
        "partial": [mixed["numberRecordsProcessed"], mixed["numberRecordsFailed"]],
        "failed_row": "DUPLICATE_VALUE" in failed and '"Again"' in failed,
        "good_row": '"New"' in good,
        "upsert": [upserted["numberRecordsProcessed"], upserted["numberRecordsFailed"]],
        "whole": whole,
    }
    query = "SELECT Id, Name FROM Account WHERE Name LIKE 'Bulk %'"
    pages = list(sf.bulk2.Account.query(query, max_records=1000, wait=1))
    facts["bulk_query"] = [page.strip().count("\n") for page in pages]
    facts["paged"] = len(sf.query_all(query)["records"])
    ids = [{"Id": one["Id"]} for one in sf.query_all(query + " LIMIT 300")["records"]]
    [deleted] = sf.bulk2.Account.delete(records=ids, wait=1)
    facts["bulk_delete"] = deleted["numberRecordsProcessed"]


def files(sf):
    data = bytes(range(256)) * 40
    made = sf.ContentVersion.create(
        {
            "Title": "bytes",
            "PathOnClient": "bytes.bin",
            "VersionData": base64.b64encode(data).decode(),
        }
    )
    size = sf.query(f"SELECT ContentSize FROM ContentVersion WHERE Id = '{made['id']}'")["records"][0]["ContentSize"]
    back = sf.ContentVersion.get_base64(made["id"], "VersionData")
    facts["file"] = {"size": size, "same": back == data}


def expire(sf):
    sf.session_id = "00D000000000000!ended"
    facts["expired"] = refusal(lambda: Salesforce(session_id="00D!x", instance_url=ready["https"]).limits())
    facts["expired_class"] = facts["expired"][0] == SalesforceExpiredSession.__name__
    # A client that can sign in again does so by itself.
    facts["signed_in_again"] = sf.query("SELECT Id FROM User LIMIT 1")["totalSize"]


sf = sign_in()
for step in (look_around, create_fields, rows, bulk, files, expire):
    step(sf)
print(json.dumps(facts))
