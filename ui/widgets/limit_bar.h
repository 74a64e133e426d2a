// A bar that shows a part of a limit, with a mark where it becomes a warning: Redis' memory and its 80 %.
#pragma once

#include <QWidget>
#include <optional>

namespace vx11::ui {

/// 8 high and the mark's name below it. Beyond the mark the fill is amber; stale or unknown it is idle or empty.
class LimitBar : public QWidget {
  Q_OBJECT
 public:
  explicit LimitBar(const QString& accessibleName, double mark, QWidget* parent = nullptr);
  /// 0 to 1; empty: unknown.
  void setShare(std::optional<double> share);
  void setStale(bool stale);
  [[nodiscard]] QSize sizeHint() const override;
  [[nodiscard]] QSize minimumSizeHint() const override { return {60, sizeHint().height()}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  QString name_;
  double mark_;
  std::optional<double> share_;
  bool stale_ = false;
};

}  // namespace vx11::ui
