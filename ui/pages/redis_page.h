// Redis on one page: what it is, its memory, its figures, and how this console and every instance see it. What is old
// is greyed and says how old; nothing is painted out of view or paused, only the badge follows.
#pragma once

#include <QTimer>
#include <functional>

#include "pages/page.h"
#include "pages/redis_words.h"

namespace vx11::ui {

class Card;
class ElidedLabel;
class EmptyState;
class FactTable;
class IconButton;
class LinkButton;
class PageHeader;
class PageScroll;
class RedisMemoryCard;
class RedisStrip;
class RedisTopology;
class TextLabel;

class RedisPage : public Page {
  Q_OBJECT
 public:
  using WallClock = std::function<QDateTime()>;
  explicit RedisPage(const Services& services, QWidget* parent = nullptr, WallClock wall = {});

  void setInView(bool inView) override;
  void setPaused(bool paused) override;
  [[nodiscard]] QVariantMap viewState() const override;
  void restoreViewState(const QVariantMap& state) override;
  /// Once a second while in view: ages grow although nobody answers.
  void tick();

 private:
  [[nodiscard]] QWidget* makeBody();
  void refresh();  ///< what is known for sure, seen or not: the badge
  void display();
  void openMenu(const QString& address, const QPoint& at);
  void showTopology(const cluster::RedisInfo& info, const redis::Look& look);
  void showCauses(const QList<BarCause>& causes);
  void showSlowLog(const cluster::RedisInfo& info, const redis::Look& look);
  [[nodiscard]] redis::Look look() const { return {cluster().now(), wall_()}; }
  [[nodiscard]] bool working() const { return inView_ && !paused_; }

  WallClock wall_;
  PageHeader* header_;
  TextLabel* age_;
  InlineBar* bar_;
  EmptyState* nothing_;
  PageScroll* scroll_;
  Card* topologyCard_ = nullptr;
  RedisTopology* topology_ = nullptr;
  IconButton* processes_ = nullptr;  ///< of servers that this console runs
  RedisMemoryCard* memory_ = nullptr;
  RedisStrip* strip_ = nullptr;
  FactTable* trips_ = nullptr;
  Card* slowCard_ = nullptr;
  LinkButton* copySlow_ = nullptr;
  FactTable* slow_ = nullptr;
  TextLabel* noSlow_ = nullptr;
  QTimer second_;
  QStringList causes_;  ///< keys of what the bar shows
  Badge badge_;
  bool inView_ = false, paused_ = false;
};

}  // namespace vx11::ui
