// The console's states: each has a word, a shape and a colour, the same on every page. The shape alone tells them
// apart.
#pragma once

#include <QRectF>
#include <QString>
#include <QWidget>

#include "cluster/types.h"
#include "platform/theme.h"

class QPainter;

namespace vx11::ui {

enum class Mark {
  Live,
  Degraded,
  Unreachable,
  Draining,
  Starting,
  Running,
  Paused,
  Stopped,
  Unknown,
  CantTell,
  IssuerOnly,
  Expiring,
  Revoked,
  Used,
  Pass,
  Warning,
  Fail,
  Waiting,
  Skipped,
};
inline constexpr int markCount = 19;

/// Logical pixels of a mark beside text, in a table, in a bar.
inline constexpr int markSize = 14, markSizeInTable = 12, markSizeInBar = 18;

[[nodiscard]] QString markWord(Mark mark);
/// File name in resources/icons, without ".svg".
[[nodiscard]] QString markIcon(Mark mark);
[[nodiscard]] Token markColor(Mark mark);
/// Amber and red states: the only ones whose word takes the colour of the mark.
[[nodiscard]] bool isTrouble(Mark mark);
/// The colour of the word beside the mark.
[[nodiscard]] Token markWordColor(Mark mark);
[[nodiscard]] Mark markOf(cluster::InstanceState state);
[[nodiscard]] Mark markOf(cluster::TokenState state);

/// Paints the shape centred in `rect`, as large as its smaller side. For delegates and painted widgets.
void paintMark(QPainter* painter, const QRectF& rect, Mark mark, const Theme& theme);

/// Mark and word in one line. Its accessible name is the word.
class MarkLabel : public QWidget {
  Q_OBJECT
 public:
  explicit MarkLabel(Mark mark = Mark::Unknown, QWidget* parent = nullptr);
  [[nodiscard]] Mark mark() const { return mark_; }
  void setMark(Mark mark);  ///< with the state's own word
  void setMark(Mark mark, const QString& word);
  void setWordOnly(bool on);  ///< as at the right of a card's header
  void setMarkOnly(bool on);
  void setBold(bool on);
  [[nodiscard]] QString word() const { return word_; }
  [[nodiscard]] QSize sizeHint() const override;
  [[nodiscard]] QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  [[nodiscard]] QFont wordFont() const;
  Mark mark_;
  QString word_;
  bool showMark_ = true, showWord_ = true, bold_ = false;
};

}  // namespace vx11::ui
