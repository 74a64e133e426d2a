-- GET validate with the tokens of the file $TOKENS in turn; the requests are made once, before the load.
local requests, turn = {}, 0

function init()
  for token in io.lines(os.getenv("TOKENS")) do
    requests[#requests + 1] = wrk.format("GET", "/operator/api/events/validate?token=" .. token)
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end
