// The charts of the last hour, two by four under one cursor. Refreshes with the samples, only while in view and not
// paused; everything drawn comes from the cluster's history.
#pragma once

#include <QTimer>
#include <functional>
#include <vector>

#include "charts/chart_cursor.h"
#include "pages/charts_page_plan.h"
#include "pages/page.h"

class QGridLayout;
class QPushButton;

namespace vx11::ui {

class PageHeader;
class PageScroll;
class Segmented;
class TimeChart;

class ChartsPage : public Page {
  Q_OBJECT
 public:
  using WallClock = std::function<qint64()>;  ///< ms since the epoch
  explicit ChartsPage(const Services& services, QWidget* parent = nullptr, WallClock wallNow = {});

  void setInView(bool inView) override;
  void setPaused(bool paused) override;
  void run() override { refresh(); }
  void save() override;
  void escape() override;
  [[nodiscard]] bool canSave() const override { return true; }
  [[nodiscard]] QVariantMap viewState() const override;
  void restoreViewState(const QVariantMap& state) override;

  /// Once a second while in view: refreshes when no sample did. A gap grows although nobody answers.
  void tick();
  [[nodiscard]] const std::vector<TimeChart*>& charts() const { return charts_; }
  [[nodiscard]] TimeSpan range() const;
  [[nodiscard]] bool isPaused() const { return pausedAt_.has_value(); }
  /// Of the samples in view, as they are saved.
  [[nodiscard]] QByteArray csv() const;
  /// Header and all charts, also those that are scrolled out of view.
  [[nodiscard]] QImage picture();

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void rebuild();
  void arrange();
  void refresh();
  void refreshIfSeen();
  void updateVerdict();
  void zoom(std::optional<TimeSpan> span);
  void savePicture();
  void saveTable();
  void saveAs(const QString& suffix, const QString& filter, std::function<QByteArray()> make);

  WallClock wallNow_;
  ChartCursor cursor_;
  std::optional<TimeSpan> zoom_;
  std::optional<qint64> pausedAt_;
  bool inView_ = false;
  QTimer clockwork_;
  qint64 refreshedAt_ = 0;
  QString builtFor_;  ///< instances, order and Redis use the charts were made for
  QList<ChartPlan> plans_;
  std::vector<TimeChart*> charts_;
  PageHeader* header_;
  Segmented* mode_;
  Segmented* length_;
  QPushButton* pause_;
  QPushButton* saveButton_;
  PageScroll* scroll_;
  QGridLayout* grid_;
};

}  // namespace vx11::ui
