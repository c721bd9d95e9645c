// The token may arrive in the address after '#token=': it stays in the browser and never reaches a server's log.
const address = window.location.origin + window.location.pathname;
const given = new URLSearchParams(window.location.hash.slice(1));
const token = given.get("token") || sessionStorage.getItem("aftersales-token") || "";
if (given.get("token")) {
  sessionStorage.setItem("aftersales-token", token);
  history.replaceState(null, "", window.location.pathname + window.location.search);
}

const headers = JSON.stringify({ Authorization: "Bearer " + token, "Accept-Language": navigator.language }, null, 2);
let current = headers;

function connectionParams() {
  try {
    return JSON.parse(current);
  } catch (error) {
    console.warn("The headers are not JSON; connecting without them.", error);
    return {};
  }
}

const fetcher = GraphiQL.createFetcher({
  url: address,
  subscriptionUrl: address.replace(/^http/, "ws"),
  wsConnectionParams: connectionParams,
});

const query = new URLSearchParams(window.location.search).get("query") || "# Ctrl-Enter runs the query\n{\n  __typename\n}\n";

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher: fetcher,
    defaultQuery: query,
    headers: headers,
    onEditHeaders: (value) => { current = value; },
    isHeadersEditorEnabled: true,
    shouldPersistHeaders: false,
    defaultEditorToolsVisibility: "headers",
  }),
);
