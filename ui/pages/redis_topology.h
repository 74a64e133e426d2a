// The servers behind Redis as a tree of painted boxes, with the sentinels or the cluster's state below. As high as its
// boxes need; what has no room in a box stands in its tool tip.
#pragma once

#include <QWidget>

#include "pages/redis_tree.h"

class QPainter;

namespace vx11::ui {

class RedisTopology : public QWidget {
  Q_OBJECT
 public:
  explicit RedisTopology(QWidget* parent = nullptr);
  void display(const cluster::RedisInfo& info, const redis::Look& look);
  [[nodiscard]] const redis::Tree& tree() const { return tree_; }
  [[nodiscard]] QSize sizeHint() const override;
  [[nodiscard]] QSize minimumSizeHint() const override;

 Q_SIGNALS:
  /// Of a server or a sentinel: its address.
  void menuWanted(const QString& address, const QPoint& at);

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;

 private:
  struct Placed {
    QRect rect;
    redis::TreeBox box;
    bool isSentinel = false;
  };
  /// Two lines a box instead of three, where there are many.
  [[nodiscard]] bool isCompact() const;
  [[nodiscard]] int boxHeight() const;
  [[nodiscard]] int treeHeight() const;
  [[nodiscard]] int footHeight() const;
  /// One behind the other, on as many lines as it takes; from the first line's place on.
  [[nodiscard]] QList<QRect> flowOfSentinels() const;
  void place();
  void placeSentinels();
  [[nodiscard]] const Placed* at(const QPoint& point) const;
  void paintBox(QPainter& painter, const Placed& placed, const Theme& theme) const;
  void paintFoot(QPainter& painter, const Theme& theme) const;

  redis::Tree tree_;
  QList<Placed> placed_;
  QList<QList<QPoint>> arrows_;  ///< from a master's edge to its replicas' edges
  bool stale_ = false;
};

}  // namespace vx11::ui
