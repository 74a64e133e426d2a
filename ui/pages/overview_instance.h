// An instance as a card of the Overview: what it does now, how it went, and what can be asked of it. Values of an
// instance that doesn't answer stay, greyed, with their age.
#pragma once

#include <functional>
#include <vector>

#include "pages/overview_words.h"
#include "widgets/card.h"
#include "widgets/format.h"
#include "widgets/icon_button.h"

class QMenu;

namespace vx11::ui {

class ElidedLabel;
class Figure;
class Sparkline;
class TextLabel;

enum class InstanceVerb { OpenTokens, OpenCharts, CopyAddress, RetryNow };

/// The three dots at the foot of a card.
class InstanceMenu : public IconButton {
  Q_OBJECT
 public:
  explicit InstanceMenu(QWidget* parent = nullptr);
  void setUnreachable(bool on) { unreachable_ = on; }
  /// Further entries, made when it opens.
  void setExtras(std::function<void(QMenu&)> extras) { extras_ = std::move(extras); }

 Q_SIGNALS:
  void chosen(vx11::ui::InstanceVerb verb);

 private:
  void open();
  std::function<void(QMenu&)> extras_;
  bool unreachable_ = false;
};

/// Header and edge of an instance's card, the same wherever one stands.
void showInstanceState(Card& card, const cluster::InstanceInfo& info);

class InstanceCard : public Card {
  Q_OBJECT
 public:
  explicit InstanceCard(QWidget* parent = nullptr);
  void display(const cluster::InstanceInfo& info, const overview::Look& look);
  void setChecks(std::vector<double> values);  ///< checks per second of the last 5 min
  void setAlarm(bool on);  ///< a rule about its checks fires; after `display`
  [[nodiscard]] InstanceMenu* menu() const { return menu_; }

 Q_SIGNALS:
  void chosen(vx11::ui::InstanceVerb verb);

 private:
  Figure *tokens_, *streams_, *issue_, *check_, *p95_;
  Sparkline* curve_;
  TextLabel *notReported_, *age_;
  ElidedLabel* foot_;
  InstanceMenu* menu_;
};

/// The p95 of checks, or "none" while there were none.
[[nodiscard]] format::Quantity checkP95(const cluster::InstanceInfo& info);

}  // namespace vx11::ui
