// Asks instances who else is there until each of them knows all: from then on one of their URLs stands for them all.
#pragma once

#include <QObject>
#include <QStringList>
#include <QTimer>
#include <functional>
#include <vector>

#include "cluster/instance_client.h"

namespace vx11::cluster {

/// Ends once: when all are known to all, or after the patience is over.
class Acquaintance final : public QObject {
  Q_OBJECT
 public:
  static constexpr std::chrono::milliseconds patience{5000};

  /// `names` by slot; a client is null while its instance isn't up. The clients outlive it.
  Acquaintance(const QStringList& names, std::function<InstanceClient*(int slot)> client, QObject* parent = nullptr);
  ~Acquaintance() override;

  /// Asks from now on; later calls change nothing.
  void begin();
  [[nodiscard]] bool isOver() const { return over_; }
  /// Who doesn't know all of the others yet.
  [[nodiscard]] QStringList strangers() const;

 Q_SIGNALS:
  void over();

 private:
  void askAll();
  void onAnswer(std::size_t slot, const Answer<wire::Neighbours>& answer);
  void end();

  struct Member {
    QString name;
    HttpCall call;
    bool knowsAll = false;
  };
  std::vector<Member> members_;
  std::function<InstanceClient*(int)> client_;
  QTimer again_, limit_;
  bool over_ = false;
};

}  // namespace vx11::cluster
