// How long a token still lives, as a bar that shrinks from the right: amber in its last ten seconds, idle when the list
// it came from is old.
#pragma once

#include <QWidget>

#include "platform/theme.h"

class QPainter;

namespace vx11::ui {

/// Logical size of the bar in tables.
inline constexpr int ttlBarWidth = 78, ttlBarHeight = 6;
/// From here on the bar is amber and its seconds are bold.
inline constexpr int ttlLastSeconds = 10;

/// Fills the height of `rect` with at most 6 px, centred. `fraction` (0 to 1) is the part of the life that is left.
void paintTtlBar(QPainter* painter, const QRectF& rect, double fraction, int secondsLeft, bool stale,
                 const Theme& theme);

/// For short lists; tables paint with a delegate.
class TtlBar : public QWidget {
  Q_OBJECT
 public:
  explicit TtlBar(QWidget* parent = nullptr);
  void set(double fraction, int secondsLeft, bool stale);
  [[nodiscard]] QSize sizeHint() const override { return {48, ttlBarHeight}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  double fraction_ = 0;
  int secondsLeft_ = 0;
  bool stale_ = false;
};

}  // namespace vx11::ui
