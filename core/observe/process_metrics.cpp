#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <charconv>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>

#include "observe/metrics.h"

namespace vx11::observe {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

std::string contents_of(const char* path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Fields of /proc/self/stat by their number in proc(5).
enum StatField { user_ticks = 14, system_ticks = 15, thread_number = 20, start_ticks = 22, resident_pages = 24 };

/// One field, or NaN where there is no procfs.
double stat_field(StatField wanted) {
  const auto text = contents_of("/proc/self/stat");
  // The second field is the program's name in brackets, which may itself hold blanks and brackets.
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos) return unknown;
  std::istringstream fields(text.substr(name_end + 1));
  std::string field;
  for (int number = 3; fields >> field; ++number) {
    if (number != wanted) continue;
    double value = unknown;
    const auto parsed = std::from_chars(field.data(), field.data() + field.size(), value);
    return parsed.ec == std::errc{} ? value : unknown;
  }
  return unknown;
}

double ticks_per_second() { return static_cast<double>(sysconf(_SC_CLK_TCK)); }

double start_time() {
  std::istringstream lines(contents_of("/proc/stat"));
  std::string word;
  while (lines >> word) {
    double boot = 0;
    if (word == "btime" && lines >> boot) return boot + stat_field(start_ticks) / ticks_per_second();
  }
  return unknown;
}

double open_descriptors() {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(opendir("/proc/self/fd"), &closedir);
  if (!directory) return unknown;
  int count = 0;
  while (const dirent* entry = readdir(directory.get())) {
    if (entry->d_name[0] != '.') ++count;
  }
  return count - 1;  // without the one that lists them
}

double descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return unknown;
  return limit.rlim_cur == RLIM_INFINITY ? std::numeric_limits<double>::infinity()
                                         : static_cast<double>(limit.rlim_cur);
}

}  // namespace

void register_process_metrics(Registry& registry) {
  using enum Registry::Type;
  registry.sampled(counter, "process_cpu_seconds_total", "Total user and system CPU time spent in seconds.",
                   [] { return (stat_field(user_ticks) + stat_field(system_ticks)) / ticks_per_second(); });
  registry.sampled(gauge, "process_resident_memory_bytes", "Resident memory size in bytes.",
                   [] { return stat_field(resident_pages) * static_cast<double>(sysconf(_SC_PAGESIZE)); });
  registry.sampled(gauge, "process_open_fds", "Number of open file descriptors.", open_descriptors);
  registry.sampled(gauge, "process_max_fds", "Maximum number of open file descriptors.", descriptor_limit);
  registry.sampled(gauge, "process_threads", "Number of OS threads in the process.",
                   [] { return stat_field(thread_number); });
  registry.sampled(gauge, "process_start_time_seconds", "Start time of the process since unix epoch in seconds.",
                   [started = start_time()] { return started; });
}

}  // namespace vx11::observe
