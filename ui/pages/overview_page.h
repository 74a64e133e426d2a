// The mission on one page: the verdict, the sums, a card an instance. Before the first token it is the way to it.
#pragma once

#include <QElapsedTimer>
#include <QTimer>
#include <functional>

#include "cluster/local_cluster.h"
#include "pages/overview_instance.h"
#include "pages/page.h"

namespace vx11::ui {

class FirstStartView;
class InlineBar;
class NormalView;
class PageHeader;
class PageScroll;

struct OverviewOptions {
  int revealMs = 15'000;                                            ///< how long the eye shows the principal
  std::function<QDateTime()> wall = [] { return QDateTime::currentDateTime(); };
  std::function<std::optional<QString>()> whyNoLocalCluster = [] { return cluster::whyNoLocalCluster({}); };
};

/// Figures change at most four times a second, curves and countdowns once; nothing while it is not in view or paused.
class OverviewPage : public Page {
  Q_OBJECT
 public:
  explicit OverviewPage(const Services& services, const OverviewOptions& options = {}, QWidget* parent = nullptr);

  void setInView(bool inView) override;
  void setPaused(bool paused) override;
  void run() override;     ///< asks every instance again at once
  void escape() override;
  [[nodiscard]] QVariantMap viewState() const override;
  void restoreViewState(const QVariantMap& state) override;
  [[nodiscard]] bool showsFirstStart() const;
  void focusInstance(int slot);  ///< its card gets the keys

 Q_SIGNALS:
  void issueRequested();  ///< the same as Ctrl+N

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void scheduleRefresh();
  void refresh();  ///< what is known for sure, seen or not: the badge
  void display();  ///< what is seen
  void everySecond();
  void showCauses(const QList<cluster::InstanceInfo>& instances);
  void perform(int slot, InstanceVerb verb);
  void copyText(const QString& text, const QString& done);
  [[nodiscard]] overview::Look look() const;
  [[nodiscard]] bool working() const { return inView_ && !paused_; }

  OverviewOptions options_;
  PageHeader* header_;
  InlineBar* bar_;
  PageScroll* scroll_;
  FirstStartView* first_;
  NormalView* normal_;
  QTimer refreshTimer_, secondTimer_;
  QElapsedTimer sinceRefresh_;
  QString startFailure_;
  QStringList causes_;  ///< keys of what the bar shows
  Badge badge_;
  bool inView_ = false, paused_ = false;
  bool everIssued_ = false, stepsHidden_ = false;
};

}  // namespace vx11::ui
