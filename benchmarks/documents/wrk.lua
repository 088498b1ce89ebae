-- Sends messages that were written before, in random order, and notes how long each answer took.
-- wrk runs this once for each thread, with one connection each: between two calls of request() lies one answer. wrk's own percentiles
-- are no use here: version 4.1 adds times of requests that it would have sent, had answers come evenly.
local ffi = require("ffi")
ffi.cdef([[
typedef struct { long seconds; long nanoseconds; } when_t;
int clock_gettime(int clock, when_t *when);
int open(const char *path, int flags);
void *mmap(void *address, size_t length, int protection, int flags, int descriptor, long offset);
]])
local when = ffi.new("when_t")
local threads = {}

local function now()
  ffi.C.clock_gettime(1, when)
  return tonumber(when.seconds) * 1e6 + tonumber(when.nanoseconds) / 1e3
end

function setup(thread)
  thread:set("number", #threads)
  threads[#threads + 1] = thread
end

function init(_)
  -- All threads map the same pages: number of messages, where each begins and the last ends (32 bits each), then their bytes.
  local length = tonumber(os.getenv("MESSAGES_LENGTH"))
  local descriptor = ffi.C.open(os.getenv("MESSAGES"), 0)
  bytes = ffi.cast("const char *", ffi.C.mmap(nil, length, 1, 2, descriptor, 0))
  index = ffi.cast("const uint32_t *", bytes)
  count = tonumber(index[0])
  math.randomseed(number + 1)
  times = {}
end

function request()
  local at = now()
  if last then times[#times + 1] = at - last end
  last = at
  local chosen = math.random(count)
  return ffi.string(bytes + index[chosen], index[chosen + 1] - index[chosen])
end

function done(summary, _, _)
  local errors = summary.errors
  local file = assert(io.open(os.getenv("RESULT"), "w"))
  file:write(string.format("%d %d %d %d\n", summary.duration, summary.requests, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
  for _, thread in ipairs(threads) do
    for _, time in ipairs(thread:get("times")) do file:write(string.format("%d\n", time)) end
  end
  file:close()
end
