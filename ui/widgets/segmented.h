// One choice of a few, side by side: a range of time, summed or per instance.
#pragma once

#include <QStringList>
#include <QWidget>

class QButtonGroup;

namespace vx11::ui {

/// 28 high. Arrow keys move within, Tab leaves. Exactly one segment is chosen.
class Segmented : public QWidget {
  Q_OBJECT
 public:
  Segmented(const QString& accessibleName, const QStringList& segments, QWidget* parent = nullptr);
  [[nodiscard]] int current() const;
  void setCurrent(int index);
  /// Disabled, with the reason as its tool tip; an empty reason enables.
  void setSegmentDisabledBecause(int index, const QString& reason);

 Q_SIGNALS:
  void changed(int index);  ///< also by setCurrent, when it differs

 private:
  QButtonGroup* group_;
};

}  // namespace vx11::ui
