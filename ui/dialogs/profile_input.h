// What is typed into the profile dialog, and the profile of a remote cluster it means. A problem is a sentence that
// names the bad part, but never one in which a password may be.
#pragma once

#include <QMap>
#include <QString>
#include <QStringList>
#include <string_view>

#include "cluster/connection_test.h"
#include "cluster/profile.h"

namespace vx11::ui {

enum class ProfileField {
  Name,
  Instances,
  AddressMap,
  Principal,
  Redis,
  Sentinels,
  Balancer,
  CaFile,
  NginxFile,
  Reload,
  Restart
};

struct ProfileInput {
  QString name = {};
  cluster::Environment environment = cluster::Environment::Test;
  QString instances = {};  ///< an address a line
  bool discover = true;
  QString addressMap = {};  ///< "ADVERTISED = FROM HERE", a line each
  QString redis = {}, balancer = {}, caFile = {}, serverName = {};
  QString nginxFile = {}, reload = {}, restart = {};  ///< the commands as typed::lineOf
  QString group = {}, colour = {};                    ///< the colour as the profile's
  bool readOnly = false, keepsSecrets = false;
  QString sentinelUser = {};  ///< of no meaning where `redis` names no sentinels
  friend bool operator==(const ProfileInput&, const ProfileInput&) = default;
};

/// In the keychain, where the profile says so; else for this run only.
using ProfileSecrets = cluster::ConnectionTest::Secrets;

/// The first problem, or warning, of each field.
using ProfileProblems = QMap<ProfileField, QString>;

struct ReadProfile {
  cluster::Profile profile;  ///< of use without problems
  ProfileProblems problems;
  ProfileProblems warnings;  ///< it can be saved all the same
};

[[nodiscard]] ProfileInput inputOf(const cluster::Profile& profile);
/// Over `base`, whose id stays. `otherNames` are those of the other profiles. Looks into the CA file and
/// the nginx file.
[[nodiscard]] ReadProfile readInput(const ProfileInput& input, const cluster::Profile& base,
                                    const QStringList& otherNames);
/// Empty: it fits into a header.
[[nodiscard]] QString principalProblem(std::string_view principal);
/// Empty: no command that would be saved holds one of them.
[[nodiscard]] ProfileProblems secretsInCommands(const cluster::Profile& profile, const ProfileSecrets& secrets);
/// Where the principal would travel unencrypted over a network: "fra-1:8011, fra-2:8011"; empty: nowhere.
[[nodiscard]] QString sentInClearTo(const cluster::Profile& profile);

}  // namespace vx11::ui
