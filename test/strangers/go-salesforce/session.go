// Works with an org through go-salesforce as its users do, and prints what it saw as one line of JSON.
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/k-capehart/go-salesforce/v3"
)

type ready struct {
	HTTPS         string `json:"https"`
	ClientID      string `json:"client_id"`
	ClientSecret  string `json:"client_secret"`
	User          string `json:"user"`
	Password      string `json:"password"`
	SecurityToken string `json:"security_token"`
	JwtKeyFile    string `json:"jwt_key_file"`
}

type account struct {
	Id        string `json:",omitempty"`
	Name      string `json:",omitempty"`
	Go_Key__c string `json:",omitempty"`
}

var facts = map[string]any{}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func said(err error) string {
	if err == nil {
		return "none"
	}
	return err.Error()
}

func signIn(org ready) *salesforce.Salesforce {
	key, err := os.ReadFile(org.JwtKeyFile)
	must(err)
	app := salesforce.Creds{Domain: org.HTTPS, ConsumerKey: org.ClientID, ConsumerSecret: org.ClientSecret}
	password, jwt, wrong := app, app, app
	password.Username, password.Password, password.SecurityToken = org.User, org.Password, org.SecurityToken
	jwt.Username, jwt.ConsumerSecret, jwt.ConsumerRSAPem = org.User, "", string(key)
	wrong.ConsumerSecret = "no"
	signed := map[string]int{}
	var client *salesforce.Salesforce
	for name, creds := range map[string]salesforce.Creds{"client_credentials": app, "password": password, "jwt": jwt} {
		client, err = salesforce.Init(creds, salesforce.WithAPIVersion("v63.0"))
		must(err)
		users := []map[string]any{}
		must(client.Query("SELECT Id FROM User WHERE Username = '"+org.User+"'", &users))
		signed[name] = len(users)
	}
	token, err := salesforce.Init(salesforce.Creds{Domain: org.HTTPS, AccessToken: client.GetAccessToken()})
	must(err)
	signed["access_token"] = len(token.GetAPIVersion())
	_, err = salesforce.Init(wrong)
	facts["signed_in"], facts["refused"] = signed, said(err)
	return client
}

func get(client *salesforce.Salesforce, path string) map[string]any {
	reply, err := client.DoRequest(http.MethodGet, path, nil)
	must(err)
	body, err := io.ReadAll(reply.Body)
	must(err)
	value := map[string]any{}
	must(json.Unmarshal(body, &value))
	return value
}

func lookAround(client *salesforce.Salesforce) {
	global, one := get(client, "/sobjects"), get(client, "/sobjects/Case/describe")
	facts["describe"] = map[string]any{
		"objects": len(global["sobjects"].([]any)) > 10,
		"prefix":  one["keyPrefix"],
	}
	facts["daily"] = get(client, "/limits")["DailyApiRequests"].(map[string]any)["Max"]
}

func rows(client *salesforce.Salesforce) {
	made, err := client.InsertOne("Account", account{Name: "One", Go_Key__c: "one"})
	must(err)
	must(client.UpdateOne("Account", account{Id: made.Id, Name: "Two"}))
	upserted, err := client.UpsertOne("Account", "Go_Key__c", account{Name: "Three", Go_Key__c: "three"})
	must(err)
	batch := []account{}
	for at := range 450 {
		batch = append(batch, account{Name: fmt.Sprintf("Row %d", at), Go_Key__c: fmt.Sprintf("r%d", at)})
	}
	all, err := client.InsertCollection("Account", batch, 200)
	must(err)
	mixed, err := client.InsertCollection("Account", []account{{Name: "A", Go_Key__c: "r1"}, {Name: "B", Go_Key__c: "b"}}, 200)
	must(err)
	composite, err := client.UpsertComposite("Account", "Go_Key__c", batch, 200, false)
	must(err)
	_, unknown := client.InsertOne("Account", map[string]any{"Name": "A", "Nope__c": 1})
	wrong := []map[string]any{}
	query := client.Query("SELECT Nope FROM Account", &wrong)
	must(client.DeleteOne("Account", account{Id: made.Id}))
	code := ""
	if len(mixed.Results[0].Errors) > 0 {
		code = mixed.Results[0].Errors[0].StatusCode
	}
	facts["rows"] = map[string]any{
		"upserted":  upserted.Success,
		"all":       len(all.Results),
		"failed":    all.HasSalesforceErrors,
		"mixed":     []any{mixed.HasSalesforceErrors, code, mixed.Results[1].Success},
		"composite": []any{len(composite.Results), composite.HasSalesforceErrors},
		"unknown":   strings.Contains(said(unknown), "INVALID_FIELD"),
		"query":     strings.Contains(said(query), "INVALID_FIELD"),
	}
}

func bulk(client *salesforce.Salesforce) {
	many := []account{}
	for at := range 2500 {
		many = append(many, account{Name: fmt.Sprintf("Bulk %d", at), Go_Key__c: fmt.Sprintf("k%d", at)})
	}
	// One job: of several, this version waits for the first to end only.
	jobs, err := client.InsertBulk("Account", many, 10000, true)
	must(err)
	done, failed := 0, 0
	for _, id := range jobs {
		results, err := client.GetJobResults(id)
		must(err)
		done, failed = done+len(results.SuccessfulRecords), failed+len(results.FailedRecords)
	}
	mixed, err := client.InsertBulk("Account", []account{{Name: "Again", Go_Key__c: "k1"}, {Name: "New", Go_Key__c: "n"}}, 100, true)
	must(err)
	partial, err := client.GetJobResults(mixed[0])
	must(err)
	why := ""
	if len(partial.FailedRecords) > 0 {
		why = fmt.Sprint(partial.FailedRecords[0]["sf__Error"])
	}
	lost, err := client.InsertBulk("Account", []map[string]any{{"Name": "A", "Nope__c": "1"}}, 100, true)
	whole := said(err)
	if len(lost) > 0 {
		results, _ := client.GetJobResults(lost[0])
		whole += " " + results.State + " " + results.ErrorMessage
	}
	file := filepath.Join(os.TempDir(), fmt.Sprintf("go-salesforce-%d.csv", os.Getpid()))
	defer os.Remove(file)
	must(client.QueryBulkExport("SELECT Id, Name FROM Account WHERE Name LIKE 'Bulk %'", file))
	exported, err := os.ReadFile(file)
	must(err)
	found := []account{}
	must(client.Query("SELECT Id, Name FROM Account WHERE Name LIKE 'Bulk %'", &found))
	facts["bulk"] = map[string]any{
		"jobs":     len(jobs),
		"whole":    []int{done, failed},
		"partial":  []any{len(partial.SuccessfulRecords), strings.HasPrefix(why, "DUPLICATE_VALUE")},
		"failed":   whole,
		"exported": strings.Count(strings.TrimSpace(string(exported)), "\n"),
		"paged":    len(found),
	}
}

func files(client *salesforce.Salesforce) {
	data := make([]byte, 10240)
	for at := range data {
		data[at] = byte(at)
	}
	made, err := client.InsertOne("ContentVersion", map[string]any{
		"Title": "bytes", "PathOnClient": "bytes.bin", "VersionData": base64.StdEncoding.EncodeToString(data),
	})
	must(err)
	reply, err := client.DoRequest(http.MethodGet, "/sobjects/ContentVersion/"+made.Id+"/VersionData", nil)
	must(err)
	back, err := io.ReadAll(reply.Body)
	must(err)
	facts["file"] = map[string]any{"size": len(back), "same": string(back) == string(data)}
}

// packed speaks gzip both ways; the session it begins with is ended behind its back.
func packed(org ready) {
	app := salesforce.Creds{Domain: org.HTTPS, ConsumerKey: org.ClientID, ConsumerSecret: org.ClientSecret}
	client, err := salesforce.Init(app, salesforce.WithCompressionHeaders(true))
	must(err)
	_, err = http.PostForm(org.HTTPS+"/services/oauth2/revoke", url.Values{"token": {client.GetAccessToken()}})
	must(err)
	users := []map[string]any{}
	must(client.Query("SELECT Id FROM User WHERE Username = '"+org.User+"'", &users))
	made, err := client.InsertCollection("Account", []account{{Name: "P", Go_Key__c: "p1"}}, 200)
	must(err)
	jobs, err := client.InsertBulk("Account", []account{{Name: "Q", Go_Key__c: "p2"}}, 100, true)
	must(err)
	results, err := client.GetJobResults(jobs[0])
	must(err)
	facts["packed"] = []any{len(users), made.Results[0].Success, len(results.SuccessfulRecords)}
}

func main() {
	org := ready{}
	must(json.Unmarshal([]byte(os.Args[1]), &org))
	client := signIn(org)
	lookAround(client)
	rows(client)
	bulk(client)
	files(client)
	packed(org)
	line, err := json.Marshal(facts)
	must(err)
	fmt.Println(string(line))
}
