// A keychain in memory: counts how often it is touched, and fails with a sentence where a test says so.
#pragma once

#include <QMap>
#include <QTimer>
#include <optional>
#include <utility>

#include "cluster/secret_store.h"

namespace vx11::testing {

class FakeSecretStore : public cluster::SecretStore {
 public:
  using cluster::SecretStore::SecretStore;
  using Key = std::pair<QString, cluster::SecretKind>;

  QString reason = {};                            ///< of askWhyNot
  QString problem = {};                           ///< of every touch
  std::optional<cluster::SecretKind> stuck = {};  ///< that alone can't be removed
  int reads = 0, writes = 0, removals = 0;
  QMap<Key, Secret> secrets = {};

  [[nodiscard]] int touches() const { return reads + writes + removals; }
  [[nodiscard]] bool holds(const QString& id, cluster::SecretKind kind, std::string_view text) const {
    return secrets.value({id, kind}).equals(text);
  }
  void askWhyNot(ReasonHandler handler) override {
    later([this, handler = std::move(handler)] { handler(reason); });
  }
  void read(const QString& id, cluster::SecretKind kind, ReadHandler handler) override {
    ++reads;
    later([this, id, kind, handler = std::move(handler)] {
      if (problem.isEmpty())
        handler(secrets.value({id, kind}));
      else
        handler({boost::system::in_place_error, problem});
    });
  }
  void write(const QString& id, cluster::SecretKind kind, const Secret& secret, DoneHandler handler) override {
    ++writes;
    change([this, id, kind, secret] { secrets.insert({id, kind}, secret); }, std::move(handler));
  }
  void remove(const QString& id, cluster::SecretKind kind, DoneHandler handler) override {
    ++removals;
    if (stuck == kind) return later([handler = std::move(handler)] { handler(QStringLiteral("It is stuck.")); });
    change([this, id, kind] { secrets.remove({id, kind}); }, std::move(handler));
  }

 private:
  void later(std::function<void()> run) { QTimer::singleShot(0, this, std::move(run)); }
  void change(std::function<void()> how, DoneHandler handler) {
    later([this, how = std::move(how), handler = std::move(handler)] {
      if (!problem.isEmpty()) return handler(problem);
      how();
      handler({});
    });
  }
};

}  // namespace vx11::testing
