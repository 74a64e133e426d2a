-- POST sse-token with the principal $PRINCIPAL; the request is made once, before the load.
local issue

function init()
  issue = wrk.format("POST", "/operator/api/events/sse-token", {["X-VX11-Token"] = os.getenv("PRINCIPAL"), ["Content-Length"] = "0"})
end

function request()
  return issue
end
