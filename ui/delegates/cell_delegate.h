// The base of every cell the console paints: background, row line, selection and focus alike in all tables; what is in
// the cell is a subclass' matter. No style sheet takes part: with one each cell would cost several times as much.
#pragma once

#include <QFont>
#include <QFontMetrics>
#include <QStyledItemDelegate>
#include <array>
#include <optional>

#include "platform/density.h"
#include "platform/theme.h"

namespace vx11::ui {

/// Heights of a table's rows and header, logical pixels.
[[nodiscard]] constexpr int rowHeightOf(Density density) {
  return density == Density::Compact ? 22 : density == Density::Relaxed ? 32 : 26;
}
inline constexpr int tableHeaderHeight = 28, cellPadding = 10;

class CellDelegate : public QStyledItemDelegate {
  Q_OBJECT
 public:
  explicit CellDelegate(QObject* parent = nullptr);
  /// A role whose true means that the cell's words are Text3; -1: none.
  void setQuietRole(int role) { quietRole_ = role; }

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const final;
  [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

 protected:
  /// What a subclass paints with. `rect` is the cell without its padding.
  struct Cell {
    QPainter* painter;
    QRect rect;
    const Theme& theme;
    bool quiet;
  };
  /// The text of the display role, elided, aligned as the model says.
  virtual void paintCell(const Cell& cell, const QModelIndex& index) const;
  /// Logical width of what `paintCell` paints.
  [[nodiscard]] virtual int contentWidth(const QModelIndex& index) const;

  void drawText(const Cell& cell, const QRect& rect, const QString& text, FontRole role, Token color,
                Qt::Alignment alignment = Qt::AlignLeft | Qt::AlignVCenter) const;
  [[nodiscard]] int textWidth(const QString& text, FontRole role) const;

 private:
  [[nodiscard]] const QFont& font(FontRole role) const;
  // Finding a role's font asks the font database: too slow for each cell. Found anew when the user's font changes.
  mutable QFont applicationFont_;
  mutable std::array<std::optional<QFont>, 11> fonts_;
  int quietRole_ = -1;
};

/// Fills one row's strip with its line, and the selection; for tables that paint beside their cells too.
void paintRowBackground(QPainter* painter, const QRect& rect, bool selected, const Theme& theme);

}  // namespace vx11::ui
