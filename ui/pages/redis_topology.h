// Master and replicas as a small tree of boxes, painted; how far INFO tells: the number of replicas and how far the
// last of them is behind.
#pragma once

#include <QList>
#include <QWidget>

#include "pages/redis_words.h"

class QPainter;

namespace vx11::ui {

class RedisTopology : public QWidget {
  Q_OBJECT
 public:
  explicit RedisTopology(QWidget* parent = nullptr);
  void display(const cluster::RedisInfo& info, const redis::Look& look);
  [[nodiscard]] QSize sizeHint() const override { return {420, 154}; }
  [[nodiscard]] QSize minimumSizeHint() const override { return {300, 96}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  struct Box {
    Mark mark = Mark::Unknown;
    QString title, state, address, line;
  };
  void paintBox(QPainter& painter, const QRect& rect, const Box& box, const Theme& theme) const;

  Box root_;
  QList<Box> below_;
  bool stale_ = false;
};

}  // namespace vx11::ui
