// Redis as a card of the Overview: up or down, its memory against the limit, how fast it is, what policy it has, who
// says so and how old that is. Without Redis it says that there is none.
#pragma once

#include <functional>

#include "pages/overview_words.h"
#include "widgets/card.h"

class QMenu;

namespace vx11::ui {

class ElidedLabel;
class EmptyState;
class KeyValueList;
class KeyValueRow;
class LimitBar;
class TextLabel;

class RedisCard : public Card {
  Q_OBJECT
 public:
  explicit RedisCard(QWidget* parent = nullptr);
  void display(const cluster::Cluster& cluster, const overview::Look& look);
  /// Further entries of its menu.
  void setMenuExtras(std::function<void(QMenu&)> extras) { extras_ = std::move(extras); }

 Q_SIGNALS:
  void openRequested();
  void copyRequested(const QString& address);

 private:
  void showUnused(const cluster::Cluster& cluster);
  void showFigures(const cluster::RedisInfo& redis, const QString& age);
  void openMenu(QWidget* under);

  EmptyState* unused_;
  QWidget* used_;
  KeyValueRow *memory_, *roundTrip_, *commands_, *policy_, *group_;
  LimitBar* bar_;
  TextLabel* trouble_;
  QWidget* footRow_;
  ElidedLabel* foot_;
  QString address_;
  std::function<void(QMenu&)> extras_;
};

}  // namespace vx11::ui
