#include "pages/log_filter_bar.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QToolButton>
#include <algorithm>

#include "platform/icons.h"
#include "widgets/format.h"
#include "widgets/metrics.h"
#include "widgets/text_label.h"

namespace vx11::ui {

using cluster::Severity;

namespace {

constexpr int barHeight = 36, fieldWidth = 330;

QToolButton* makeButton(const QString& icon, const QString& text, const QString& tip) {
  auto* button = new QToolButton;
  button->setIcon(themedIcon(icon));
  button->setText(text);
  button->setToolTip(tip);
  button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  button->setFocusPolicy(Qt::TabFocus);
  return button;
}

}  // namespace

LogFilterBar::LogFilterBar(QWidget* parent)
    : QWidget(parent),
      text_(new QLineEdit),
      severity_(new QComboBox),
      source_(new QComboBox),
      count_(new TextLabel({}, FontRole::Label, Token::Text2)),
      follow_(makeButton(QStringLiteral("chevron-down"), tr("Follow"), tr("Stay at the newest line"))) {
  setFixedHeight(barHeight);
  text_->addAction(themedIcon(QStringLiteral("funnel"), Token::Text3), QLineEdit::LeadingPosition)
      ->setText(tr("Filter"));
  text_->setClearButtonEnabled(true);
  text_->setPlaceholderText(tr("Filter by words or correlation id"));
  text_->setAccessibleName(tr("Filter"));
  text_->setMaximumWidth(fieldWidth);
  severity_->addItem(tr("Everything"), static_cast<int>(Severity::Debug));
  severity_->addItem(tr("Information and worse"), static_cast<int>(Severity::Info));
  severity_->addItem(tr("Warnings and errors"), static_cast<int>(Severity::Warning));
  severity_->addItem(tr("Errors"), static_cast<int>(Severity::Error));
  severity_->setCurrentIndex(1);
  severity_->setAccessibleName(tr("Severity"));
  severity_->setFixedHeight(metrics::control);
  source_->setAccessibleName(tr("Source"));
  source_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  source_->setFixedHeight(metrics::control);
  setSources({});
  follow_->setCheckable(true);
  follow_->setChecked(true);
  auto* exportButton =
      makeButton(QStringLiteral("download"), tr("Export"), tr("The lines shown, one JSON object a line"));

  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(metrics::space8, 0, metrics::space8, 0);
  row->setSpacing(metrics::space8);
  row->addWidget(text_, 3);
  row->addWidget(severity_);
  row->addWidget(source_);
  row->addWidget(count_);
  row->addStretch(1);
  row->addWidget(follow_);
  row->addWidget(exportButton);

  connect(text_, &QLineEdit::textChanged, this, &LogFilterBar::filterChanged);
  connect(severity_, &QComboBox::currentIndexChanged, this, &LogFilterBar::filterChanged);
  connect(source_, &QComboBox::currentIndexChanged, this, &LogFilterBar::filterChanged);
  connect(follow_, &QToolButton::toggled, this, &LogFilterBar::followsChanged);
  connect(exportButton, &QToolButton::clicked, this, &LogFilterBar::exportWanted);
}

LogFilter LogFilterBar::filter() const {
  return {text_->text(), static_cast<Severity>(severity_->currentData().toInt()), source_->currentData().toString()};
}

void LogFilterBar::setSources(const QStringList& sources) {
  const QString chosen = source_->currentData().toString();
  const QSignalBlocker quiet(source_);
  source_->clear();
  source_->addItem(tr("All sources"), QString());
  for (const QString& source : sources) source_->addItem(source, source);
  source_->setCurrentIndex(std::max(0, source_->findData(chosen)));
}

void LogFilterBar::setCounts(qint64 shown, qint64 total) {
  count_->setText(total == 0 ? QString() : tr("Showing %1 of %2").arg(format::count(shown), format::count(total)));
}

bool LogFilterBar::follows() const { return follow_->isChecked(); }
void LogFilterBar::setFollows(bool on) { follow_->setChecked(on); }

void LogFilterBar::focus() {
  text_->setFocus(Qt::ShortcutFocusReason);
  text_->selectAll();
}

bool LogFilterBar::clear() {
  if (text_->text().isEmpty()) return false;
  text_->clear();
  return true;
}

}  // namespace vx11::ui
