// Shows the value of one token of this console for 15 seconds. It never holds the value longer than that.
#pragma once

#include <QObject>
#include <QString>
#include <optional>

#include "cluster/cluster.h"

namespace vx11::ui {

inline constexpr int revealSeconds = 15;

class TokenReveal : public QObject {
  Q_OBJECT
 public:
  explicit TokenReveal(cluster::Cluster& cluster, QObject* parent = nullptr) : QObject(parent), cluster_(cluster) {}
  /// Shows this one, or hides it when it is shown. False where the value isn't known here.
  bool toggle(const cluster::TokenId& id);
  void hide();
  /// Called once a second: hides what was shown long enough, or has ended.
  void tick();
  [[nodiscard]] bool shows(const cluster::TokenId& id) const { return shown_ && *shown_ == id; }
  [[nodiscard]] QString value() const { return value_; }
  [[nodiscard]] int secondsLeft() const;

 Q_SIGNALS:
  void changed();

 private:
  cluster::Cluster& cluster_;
  std::optional<cluster::TokenId> shown_;
  QString value_;
  qint64 until_ = 0;  ///< console clock, ms
};

}  // namespace vx11::ui
