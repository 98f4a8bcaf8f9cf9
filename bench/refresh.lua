-- Each thread refreshes a session of its own, with the token of its last answer. TOKENS names a file with a token a line.
local next_index = 0

function setup(thread)
  thread:set("index", next_index)
  next_index = next_index + 1
end

function init()
  local i = 0
  for line in io.lines(os.getenv("TOKENS")) do
    if i == index then token = line end
    i = i + 1
  end
  refused = 0
end

function request()
  return wrk.format("POST", nil, { ["Content-Type"] = "application/json" }, '{"refresh_token":"' .. token .. '"}')
end

function response(status, headers, body)
  if status == 200 then
    token = body:match('"refresh_token":"([^"]*)"')
  else
    refused = refused + 1
    io.stderr:write(status .. " " .. body .. "\n")
  end
end
