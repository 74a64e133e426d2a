// What all charts of a page share: the time under the cursor and, while one drags, the time span to zoom into.
#pragma once

#include <QObject>
#include <optional>

namespace vx11::ui {

/// Wall times in ms since the epoch; from < to.
struct TimeSpan {
  qint64 from = 0;
  qint64 to = 0;
  [[nodiscard]] qint64 length() const { return to - from; }
  [[nodiscard]] bool contains(qint64 at) const { return at >= from && at <= to; }
  friend bool operator==(const TimeSpan&, const TimeSpan&) = default;
};

class ChartCursor : public QObject {
  Q_OBJECT
 public:
  using QObject::QObject;
  [[nodiscard]] std::optional<qint64> at() const { return at_; }
  [[nodiscard]] std::optional<TimeSpan> band() const { return band_; }
  void setAt(std::optional<qint64> at);
  void setBand(std::optional<TimeSpan> band);

  /// Asked by a chart, granted by the page that owns the range.
  void requestZoom(const TimeSpan& span) { Q_EMIT zoomRequested(span); }
  void requestReset() { Q_EMIT resetRequested(); }

 Q_SIGNALS:
  void moved();
  void bandChanged();
  void zoomRequested(const vx11::ui::TimeSpan& span);
  void resetRequested();

 private:
  std::optional<qint64> at_;
  std::optional<TimeSpan> band_;
};

}  // namespace vx11::ui
