#include "dialogs/connection_panel.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

#include "dialogs/connection_steps.h"
#include "widgets/divider.h"
#include "widgets/text_label.h"

namespace vx11::ui {

using cluster::ConnectionStep;
using cluster::ConnectionTest;

ConnectionPanel::ConnectionPanel(QWidget* parent)
    : FramedBox(parent),
      verdict_(new MarkLabel(Mark::Unknown)),
      button_(new QPushButton(tr("&Test connection"))),
      steps_(new ConnectionSteps) {
  verdict_->setBold(true);
  verdict_->setMark(Mark::Unknown, tr("Not tested yet"));
  button_->setAutoDefault(false);
  button_->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
  connect(button_, &QPushButton::clicked, this, [this] {
    if (!isRunning()) return Q_EMIT runRequested();
    stopped_ = true;
    test_->cancel();
  });

  auto* top = new QHBoxLayout;
  top->setContentsMargins(metrics::space12, metrics::space8, metrics::space8, metrics::space8);
  top->addWidget(verdict_);
  top->addStretch(1);
  top->addWidget(button_);
  auto* inner = new QWidget;
  auto* innerColumn = new QVBoxLayout(inner);
  innerColumn->setContentsMargins(metrics::space12, metrics::space12, metrics::space12, metrics::space12);
  auto* intro =
      new TextLabel(tr("Nothing is changed by a test: it resolves and connects, asks each instance who it is, "
                       "and tries Redis and the balancer."),
                    FontRole::Body, Token::Text2);
  intro->setWordWrap(true);
  intro->setObjectName(QStringLiteral("intro"));
  innerColumn->addWidget(intro);
  innerColumn->addWidget(steps_);
  innerColumn->addStretch(1);
  auto* area = new QScrollArea;
  area->setFrameShape(QFrame::NoFrame);
  area->setWidgetResizable(true);
  area->setAccessibleName(tr("What the test found"));
  area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  area->setWidget(inner);
  // The frame's own surface shows through.
  area->viewport()->setAutoFillBackground(false);
  inner->setAutoFillBackground(false);

  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(1, 1, 1, 1);
  column->setSpacing(0);
  column->addLayout(top);
  column->addWidget(new Divider);
  column->addWidget(area, 1);
  steps_->hide();
}

ConnectionPanel::~ConnectionPanel() = default;

void ConnectionPanel::run(const cluster::Profile& profile, const ConnectionTest::Secrets& secrets) {
  test_ = std::make_unique<ConnectionTest>(profile, secrets, clock_, random_);
  connect(test_.get(), &ConnectionTest::stepChanged, this, &ConnectionPanel::refresh);
  connect(test_.get(), &ConnectionTest::finished, this, &ConnectionPanel::finish);
  findChild<QWidget*>(QStringLiteral("intro"))->hide();
  steps_->show();
  verdict_->setMark(Mark::Running, tr("Testing"));
  stopped_ = false;
  button_->setText(tr("&Stop"));
  test_->start();
  refresh();
}

void ConnectionPanel::outdate() {
  if (!test_ || isRunning()) return;
  verdict_->setMark(Mark::Unknown, tr("Changed since the test"));
}

QString ConnectionPanel::verdict() const { return verdict_->word(); }

void ConnectionPanel::refresh() { steps_->setSteps(test_->steps()); }

void ConnectionPanel::finish() {
  refresh();
  button_->setText(tr("&Test again"));
  const auto count = [this](ConnectionStep::State state) {
    const auto& steps = test_->steps();
    return static_cast<int>(
        std::count_if(steps.begin(), steps.end(), [&](const auto& step) { return step.state == state; }));
  };
  const int failed = count(ConnectionStep::State::Failed);
  if (failed > 0)
    verdict_->setMark(Mark::Fail, failed == 1 ? tr("1 step failed") : tr("%1 steps failed").arg(failed));
  else if (stopped_)
    verdict_->setMark(Mark::Unknown, tr("Stopped"));
  else if (count(ConnectionStep::State::Warned) > 0)
    verdict_->setMark(Mark::Warning, tr("Works, with a warning"));
  else
    verdict_->setMark(Mark::Pass, tr("Works"));
}

}  // namespace vx11::ui
