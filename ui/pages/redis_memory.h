// Redis' memory against its limit: the figure, a bar with the mark of 80 %, how it went, how it grows, the keys and
// what is taken away when it is full.
#pragma once

#include "pages/redis_words.h"
#include "widgets/card.h"

namespace vx11::ui {

class Figure;
class KeyValueRow;
class Sparkline;
class TextLabel;

/// A bar with a mark at 80 %.
class MemoryBar : public QWidget {
  Q_OBJECT
 public:
  explicit MemoryBar(QWidget* parent = nullptr);
  void set(double ratio, const QString& limit, bool stale);
  [[nodiscard]] QSize sizeHint() const override { return {200, 34}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  double ratio_ = 0;
  QString limit_;
  bool stale_ = false;
};

class RedisMemoryCard : public Card {
  Q_OBJECT
 public:
  explicit RedisMemoryCard(QWidget* parent = nullptr);
  void display(const cluster::RedisInfo& info, const cluster::History& history, const redis::Look& look);
  /// Live tokens and how many of them foreign issuers made: the list's word, with the list's age.
  void displayTokens(cluster::Cluster& cluster, const redis::Look& look);

 private:
  void drawCurve(const cluster::RedisInfo& info, const cluster::History& history, const redis::Look& look);
  Figure* used_;
  TextLabel* of_;
  TextLabel* ratio_;
  MemoryBar* bar_;
  Sparkline* curve_;
  KeyValueRow* growth_;
  KeyValueRow* keys_;
  KeyValueRow* tokens_;
  KeyValueRow* evicted_;
  KeyValueRow* policy_;
};

}  // namespace vx11::ui
