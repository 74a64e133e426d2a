// What a running instance takes over from a configuration that was read again.
#pragma once

#include <string>
#include <vector>

#include <boost/system/result.hpp>

#include "api/shared.h"
#include "config/settings.h"
#include "server/fleet.h"

namespace vx11::server {

/// All of it or nothing; log and audit log tell which, and what else differs and so waits for a restart. Not for two
/// threads at once.
class Reload {
 public:
  /// `made`: the principal of this run; empty when some were configured.
  Reload(config::Settings as_read, Secret made, api::Shared& shared, Fleet& fleet);

  /// Principals count from the next call on, and streams of removed ones end. False: nothing was taken over.
  bool take(const boost::system::result<config::Settings, std::string>& read);

 private:
  void refuse(std::string_view reason);
  void tell(const api::Principals::Change& principals, const config::Settings& read);

  config::Settings running_;
  Secret made_;
  api::Shared& shared_;
  Fleet& fleet_;
};

}  // namespace vx11::server
