// What is saved of a cluster under a name: how it is reached, never a secret.
#pragma once

#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>
#include <QUrl>

namespace vx11::cluster {

enum class ProfileKind { LocalServer, LocalCluster, RemoteCluster };
enum class Environment { Local, Test, Staging, Production };

struct Profile {
  QString name;
  ProfileKind kind = ProfileKind::LocalServer;
  Environment environment = Environment::Local;
  QString id = {};  ///< stable, made once; empty: not saved
  QString group = {};
  QString colour = {};        ///< of its chip: "c1" to "c8"; empty: by the environment
  bool readOnly = false;      ///< opens so; a production profile always does
  bool keepsSecrets = false;  ///< its secrets are in the system's keychain, not only in this run

  // Local cluster
  int instanceCount = 3;
  QString mode = QStringLiteral("hybrid");

  // Remote cluster
  QList<QUrl> instances = {};           ///< given by the operator, or accepted: these get the principal
  bool discover = true;                 ///< the rest through /operator/internal/instances
  QMap<QString, QUrl> addressMap = {};  ///< advertised URL to the one that works from here
  QUrl balancer = {};
  QString redis = {};         ///< a Redis URL, perhaps of several hosts, without password
  QString sentinelUser = {};  ///< of that URL's sentinels, where they want one of their own
  QString caFile = {};
  QString serverName = {};

  // What an operation on the whole cluster may use, on this machine
  QString nginxFile = {};           ///< holds the upstream between our marks; empty: none
  QStringList reloadCommand = {};   ///< argument vectors, without a shell; empty: by hand
  QStringList restartCommand = {};  ///< "{id}", "{url}", "{host}" and "{port}" stand for the instance's
};

}  // namespace vx11::cluster
