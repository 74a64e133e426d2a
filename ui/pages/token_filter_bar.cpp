#include "pages/token_filter_bar.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QToolButton>

#include "delegates/table_header.h"
#include "pages/token_table_view.h"
#include "platform/icons.h"
#include "widgets/format.h"
#include "widgets/icon_label.h"
#include "widgets/metrics.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

constexpr int barHeight = 40, fieldWidth = 330;

QToolButton* makeButton(const QString& icon, const QString& text) {
  auto* button = new QToolButton;
  button->setIcon(themedIcon(icon));
  button->setText(text);
  button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  button->setFocusPolicy(Qt::TabFocus);
  return button;
}

}  // namespace

TokenFilterBar::TokenFilterBar(TokenTableView& view, QWidget* parent)
    : QWidget(parent),
      view_(view),
      field_(new QLineEdit),
      counts_(new TextLabel({}, FontRole::Body, Token::Text2)),
      clock_(new IconLabel(QStringLiteral("clock-history"), 12, Token::Text3)),
      age_(new TextLabel({}, FontRole::Body, Token::Text3)),
      menu_(new QMenu(this)) {
  setFixedHeight(barHeight);
  field_->addAction(themedIcon(QStringLiteral("funnel"), Token::Text3), QLineEdit::LeadingPosition)
      ->setText(tr("Filter"));
  field_->setClearButtonEnabled(true);
  field_->setPlaceholderText(tr("Filter by token, instance or state"));
  field_->setAccessibleName(tr("Filter"));
  field_->setMaximumWidth(fieldWidth);
  auto* columns = makeButton(QStringLiteral("layout-three-columns"), tr("Columns"));
  columns->setMenu(menu_);
  columns->setPopupMode(QToolButton::InstantPopup);
  auto* exportCsv = makeButton(QStringLiteral("download"), tr("Export CSV"));
  exportCsv->setToolTip(tr("The rows shown, with masked values (Ctrl+S)"));

  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(metrics::space8, 0, metrics::space8, 0);
  row->setSpacing(metrics::space8);
  row->addWidget(field_, 3);
  row->addWidget(counts_);
  row->addWidget(clock_);
  row->addWidget(age_);
  row->addStretch(1);
  row->addWidget(columns);
  row->addWidget(exportCsv);
  setAge({});

  connect(field_, &QLineEdit::textChanged, this, &TokenFilterBar::filterChanged);
  connect(exportCsv, &QToolButton::clicked, this, &TokenFilterBar::exportWanted);
  connect(menu_, &QMenu::aboutToShow, this, &TokenFilterBar::fillMenu);
}

void TokenFilterBar::focus() {
  field_->setFocus(Qt::ShortcutFocusReason);
  field_->selectAll();
}

bool TokenFilterBar::clear() {
  if (field_->text().isEmpty()) return false;
  field_->clear();
  return true;
}

void TokenFilterBar::setCounts(qint64 shown, qint64 total, bool complete) {
  const QString of = complete ? tr("Showing %1 of %2") : tr("Showing %1 of %2, reading on");
  counts_->setText(of.arg(format::count(shown), format::count(total)));
}

void TokenFilterBar::setAge(const QString& words) {
  clock_->setVisible(!words.isEmpty());
  age_->setVisible(!words.isEmpty());
  age_->setText(words);
}

void TokenFilterBar::fillMenu() {
  view_.header()->fillColumnsMenu(menu_);
}

}  // namespace vx11::ui
