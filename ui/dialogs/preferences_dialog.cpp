#include "dialogs/preferences_dialog.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include "widgets/divider.h"
#include "widgets/link_button.h"
#include "widgets/metrics.h"
#include "widgets/segmented.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

constexpr int fieldWidth = 150, longestTtl = 86'400, mostAtOnce = 100'000, mostInstances = 10;

// In the order of the segments.
constexpr ThemeChoice themes[] = {ThemeChoice::System, ThemeChoice::Light, ThemeChoice::Dark};
constexpr Density densities[] = {Density::Compact, Density::Normal, Density::Relaxed};

template <typename Choice, std::size_t size>
int placeOf(const Choice (&choices)[size], Choice choice) {
  for (std::size_t i = 0; i < size; ++i) {
    if (choices[i] == choice) return static_cast<int>(i);
  }
  return 0;
}

QSpinBox* makeNumber(int least, int most, int now) {
  auto* number = new QSpinBox;
  number->setRange(least, most);
  number->setValue(now);
  number->setGroupSeparatorShown(true);
  number->setFixedWidth(fieldWidth);
  return number;
}

}  // namespace

PreferencesDialog::PreferencesDialog(const Preferences& now, const QString& whyNoNotifications, QWidget* parent)
    : QDialog(parent),
      notified_(now.notifies),
      grid_(new QGridLayout),
      theme_(new Segmented(tr("Theme"), {tr("As the system"), tr("Light"), tr("Dark")})),
      density_(new Segmented(tr("Rows"), {tr("Compact"), tr("Normal"), tr("Relaxed")})),
      redis_(new Segmented(tr("Redis of the local cluster"), {tr("One server"), tr("Three, with sentinels")})),
      count_(makeNumber(1, mostAtOnce, now.issueCount)),
      ttl_(makeNumber(0, longestTtl, now.issueTtlSec.value_or(0))),
      instances_(makeNumber(1, mostInstances, now.localInstances)),
      restore_(new QCheckBox(tr("Open the &last profile again at the next start"))),
      notify_(new QCheckBox(tr("Tell the &desktop when an alert begins or ends"))) {
  setWindowTitle(tr("Preferences"));
  theme_->setCurrent(placeOf(themes, now.theme));
  density_->setCurrent(placeOf(densities, now.density));
  redis_->setCurrent(now.localRedisServers == 1 ? 0 : 1);
  redis_->setToolTip(tr("From its next start. Three servers replicate, and three sentinels put another in the place of "
                        "one that fails."));
  ttl_->setSpecialValueText(tr("the instance's own"));
  ttl_->setSuffix(tr(" s", "seconds, after a number"));
  restore_->setChecked(now.restoresSession);
  restore_->setToolTip(tr("Where a secret had to be typed or fetched from the keychain, the local server opens instead."));
  notify_->setChecked(now.notifies && whyNoNotifications.isEmpty());
  notify_->setEnabled(whyNoNotifications.isEmpty());
  notify_->setToolTip(whyNoNotifications);
  buildRows();
  connectAll();

  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(metrics::space16, metrics::space12, metrics::space16, metrics::space12);
  column->setSpacing(metrics::space12);
  column->addLayout(grid_, 1);
  column->addWidget(new Divider);
  column->addWidget(makeButtons());
  column->setSizeConstraint(QLayout::SetFixedSize);
}

Preferences PreferencesDialog::preferences() const {
  Preferences now;
  now.theme = themes[theme_->current()];
  now.density = densities[density_->current()];
  now.restoresSession = restore_->isChecked();
  now.notifies = notify_->isEnabled() ? notify_->isChecked() : notified_;
  now.issueCount = count_->value();
  if (ttl_->value() > 0) now.issueTtlSec = ttl_->value();
  now.localInstances = instances_->value();
  now.localRedisServers = redis_->current() == 0 ? 1 : 3;
  return now;
}

void PreferencesDialog::buildRows() {
  grid_->setHorizontalSpacing(metrics::space24);
  grid_->setVerticalSpacing(metrics::space8);
  grid_->setColumnStretch(1, 1);
  addSection(tr("Appearance"));
  addRow(tr("Theme"), theme_);
  addRow(tr("Rows of tables"), density_);
  addSection(tr("Start"));
  addLine(restore_);
  addRow(tr("Instances of the local cluster"), instances_);
  addRow(tr("Redis of the local cluster"), redis_);
  addSection(tr("Issue"));
  addRow(tr("Tokens at once"), count_);
  addRow(tr("TTL"), ttl_);
  addSection(tr("Alerts"));
  addLine(notify_);
  auto* thresholds = new LinkButton(tr("Edit thresholds"));
  connect(thresholds, &QAbstractButton::clicked, this, [this] {
    accept();
    Q_EMIT thresholdsWanted();
  });
  addLine(thresholds);
}

void PreferencesDialog::connectAll() {
  const auto tell = [this] { Q_EMIT changed(preferences()); };
  for (Segmented* choice : {theme_, density_, redis_}) connect(choice, &Segmented::changed, this, tell);
  for (QSpinBox* number : {count_, ttl_, instances_}) connect(number, &QSpinBox::valueChanged, this, tell);
  for (QCheckBox* box : {restore_, notify_}) connect(box, &QCheckBox::toggled, this, tell);
}

void PreferencesDialog::addSection(const QString& title) {
  const int row = grid_->rowCount();
  if (row > 1) grid_->setRowMinimumHeight(row, metrics::space4);
  grid_->addWidget(new TextLabel(title, FontRole::CardTitle), row + 1, 0, 1, 2);
}

void PreferencesDialog::addRow(const QString& text, QWidget* field) {
  auto* label = new TextLabel(text, FontRole::Body, Token::Text2);
  label->setBuddy(field);
  if (field->accessibleName().isEmpty()) field->setAccessibleName(text);
  const int row = grid_->rowCount();
  grid_->addWidget(label, row, 0);
  grid_->addWidget(field, row, 1, Qt::AlignLeft);
}

void PreferencesDialog::addLine(QWidget* widget) { grid_->addWidget(widget, grid_->rowCount(), 0, 1, 2, Qt::AlignLeft); }

QWidget* PreferencesDialog::makeButtons() {
  auto* reset = new QPushButton(tr("&Reset layout"));
  reset->setToolTip(tr("Back to the first size, columns and page; what is chosen above stays"));
  reset->setAutoDefault(false);
  connect(reset, &QPushButton::clicked, this, &PreferencesDialog::layoutResetWanted);
  auto* close = new QPushButton(tr("Close"));
  close->setDefault(true);
  connect(close, &QPushButton::clicked, this, &QDialog::accept);
  auto* buttons = new QWidget;
  auto* row = new QHBoxLayout(buttons);
  row->setContentsMargins(0, 0, 0, 0);
  row->addWidget(reset);
  row->addStretch();
  row->addWidget(close);
  return buttons;
}

}  // namespace vx11::ui
