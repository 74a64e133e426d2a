// Where secrets that the operator wants kept are kept: the system's keychain, or nowhere.
#pragma once

#include <QObject>
#include <QString>
#include <boost/system/result.hpp>
#include <functional>
#include <optional>

#include "token/secret.h"

namespace vx11::cluster {

/// What one profile may have in it.
enum class SecretKind { Principal, RedisPassword, SentinelPassword };

/// GUI thread only; nothing blocks. Each handler is called once, from the event loop, unless the store goes first.
/// Errors are sentences. Nothing is touched before it is asked for: a keychain may ask the person to unlock it.
class SecretStore : public QObject {
  Q_OBJECT
 public:
  using QObject::QObject;

  using ReasonHandler = std::function<void(const QString& reason)>;
  /// Why nothing can be kept here, in a sentence; empty: it can, as far as is known without touching it.
  virtual void askWhyNot(ReasonHandler handler) = 0;
  /// An empty secret: there is none.
  using ReadHandler = std::function<void(const boost::system::result<Secret, QString>&)>;
  virtual void read(const QString& profileId, SecretKind kind, ReadHandler handler) = 0;
  using DoneHandler = std::function<void(const boost::system::result<void, QString>&)>;
  virtual void write(const QString& profileId, SecretKind kind, const Secret& secret, DoneHandler handler) = 0;
  /// What isn't there is removed already.
  virtual void remove(const QString& profileId, SecretKind kind, DoneHandler handler) = 0;
};

}  // namespace vx11::cluster
