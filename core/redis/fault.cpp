#include "redis/fault.h"

#include <array>
#include <utility>

namespace vx11::redis {

std::string_view to_string(Fault fault) noexcept {
  constexpr std::array<std::string_view, fault_count> words{
      "none",          "not_connected", "queue_full",   "timed_out",     "connection_lost",
      "protocol",      "loading",       "read_only",    "out_of_memory", "no_auth",
      "no_permission", "master_down",   "cluster_down", "busy",          "try_again",
      "moved",         "ask",           "wrong_type",   "other"};
  return words[static_cast<std::size_t>(fault)];
}

Fault fault_of(std::string_view error_text) noexcept {
  constexpr std::array<std::pair<std::string_view, Fault>, 17> known{{{"LOADING", Fault::loading},
                                                                      {"READONLY", Fault::read_only},
                                                                      {"OOM", Fault::out_of_memory},
                                                                      {"NOAUTH", Fault::no_auth},
                                                                      {"WRONGPASS", Fault::no_auth},
                                                                      {"NOPERM", Fault::no_permission},
                                                                      {"MASTERDOWN", Fault::master_down},
                                                                      {"NOREPLICAS", Fault::master_down},
                                                                      {"CLUSTERDOWN", Fault::cluster_down},
                                                                      {"BUSY", Fault::busy},
                                                                      {"TRYAGAIN", Fault::try_again},
                                                                      {"MOVED", Fault::moved},
                                                                      {"ASK", Fault::ask},
                                                                      {"WRONGTYPE", Fault::wrong_type},
                                                                      {"MISCONF", Fault::read_only},
                                                                      {"UNBLOCKED", Fault::try_again},
                                                                      {"ERR", Fault::other}}};
  const std::string_view word = error_text.substr(0, error_text.find(' '));
  for (const auto& [text, fault] : known) {
    if (word == text) return fault;
  }
  return Fault::other;
}

}  // namespace vx11::redis
