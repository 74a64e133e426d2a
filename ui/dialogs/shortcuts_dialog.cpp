#include "dialogs/shortcuts_dialog.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>
#include <utility>

#include "widgets/metrics.h"
#include "widgets/tag.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

QWidget* makeKeys(const QList<QKeySequence>& keys) {
  auto* box = new QWidget;
  auto* row = new QHBoxLayout(box);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(metrics::space4);
  row->addStretch();
  for (const QKeySequence& key : keys) row->addWidget(new Tag(key.toString(QKeySequence::NativeText), TagKind::KeyCap));
  return box;
}

}  // namespace

ShortcutsDialog::ShortcutsDialog(const QList<ShortcutLine>& lines, QWidget* parent) : QDialog(parent) {
  setWindowTitle(tr("Keyboard shortcuts"));
  resize(460, 560);
  auto* area = new QScrollArea;
  area->setFrameShape(QFrame::NoFrame);
  area->setWidgetResizable(true);
  area->setAccessibleName(windowTitle());
  area->setWidget(makeList(lines));
  auto* close = new QPushButton(tr("Close"));
  close->setDefault(true);
  connect(close, &QPushButton::clicked, this, &QDialog::accept);
  auto* buttons = new QHBoxLayout;
  buttons->addStretch();
  buttons->addWidget(close);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(metrics::space16, metrics::space12, metrics::space16, metrics::space12);
  column->addWidget(area, 1);
  column->addLayout(buttons);
}

QWidget* ShortcutsDialog::makeList(const QList<ShortcutLine>& lines) {
  QStringList places;
  for (const ShortcutLine& line : lines)
    if (!line.keys.isEmpty() && !places.contains(line.place)) places.append(line.place);
  auto* list = new QWidget;
  auto* grid = new QGridLayout(list);
  grid->setContentsMargins(0, 0, metrics::space12, 0);
  grid->setVerticalSpacing(metrics::space4);
  grid->setColumnStretch(0, 1);
  int row = 0;
  for (const QString& place : std::as_const(places)) {
    if (row > 0) grid->setRowMinimumHeight(row++, metrics::space8);
    grid->addWidget(new TextLabel(place, FontRole::CardTitle), row++, 0, 1, 2);
    for (const ShortcutLine& line : lines) {
      if (line.place != place || line.keys.isEmpty()) continue;
      grid->addWidget(new TextLabel(line.text, FontRole::Body, Token::Text2), row, 0);
      grid->addWidget(makeKeys(line.keys), row++, 1);
    }
  }
  grid->setRowStretch(row, 1);
  return list;
}

}  // namespace vx11::ui
