#include <QDateTime>
#include <QPointer>
#include <QTimer>
#include <algorithm>

#include "ctl/commands/commands.h"
#include "ctl/commands/matrix_json.h"
#include "ctl/permission.h"
#include "ctl/words.h"

namespace vx11::ctl {
namespace {

using cluster::MatrixResult;
using cluster::MatrixVerdict;

constexpr int longestIntervalSec = 86'400;

class Matrix final : public Command {
 public:
  using Command::Command;

  QString read(const Arguments& arguments) override {
    QString error;
    everySec_ = arguments.number(QStringLiteral("--every"), 1, longestIntervalSec, error).value_or(0);
    return error;
  }

  void run(cluster::Cluster& cluster) override {
    if (!someoneAnswers(cluster)) return;
    cluster_ = &cluster;
    next_.setSingleShot(true);
    connect(&next_, &QTimer::timeout, this, &Matrix::test);
    test();
  }

  /// Of a test that is repeated, what was found so far counts.
  void interrupt() override {
    if (cluster_ == nullptr) return Command::interrupt();
    interrupted_ = true;
    if (job_) job_->cancel();
    else finish(everySec_ > 0 && allWhole_ ? Exit::Worked : Exit::No);
  }

 private:
  void test() {
    begunAt_ = cluster_->now();
    cluster::MatrixSpec spec;
    for (const auto& instance : cluster_->instances()) {
      if (instance.reason != QStringLiteral("same_instance")) spec.members.append(instance.slot);
    }
    permit(*cluster_);
    job_ = cluster_->testAcross(spec);
    connect(job_, &cluster::Job::progressed, this,
            [this](int done, int total) { out_.progress(tr("%1 of %2 checks").arg(done).arg(total)); });
    connect(job_, &cluster::MatrixJob::finished, this, &Matrix::tell);
  }

  void tell(const MatrixResult& result) {
    job_ = nullptr;
    const bool whole = result.verdict == MatrixVerdict::Whole;
    if (interrupted_ && everySec_ > 0) return finish(allWhole_ ? Exit::Worked : Exit::No);
    allWhole_ = allWhole_ && whole;
    QJsonObject document = toJson(result);
    if (everySec_ > 0) {
      document.insert(QStringLiteral("at"), result.at.toUTC().toString(Qt::ISODateWithMs));
      out_.event(document);
      out_.line(result.at.toString(QStringLiteral("HH:mm:ss")), Tone::Faint);
    } else {
      out_.document(document);
    }
    show(result, whole);
    if (everySec_ == 0) return finish(whole ? Exit::Worked : Exit::No);
    next_.start(static_cast<int>(std::max<qint64>(0, begunAt_ + everySec_ * 1000 - cluster_->now())));
  }

  void show(const MatrixResult& result, bool whole) {
    out_.table(matrixTable(result));
    if (const QString counts = countsBehindBalancer(result); !counts.isEmpty()) {
      out_.line(tr("Behind the balancer: %1").arg(counts));
    }
    out_.line(result.explanation, whole ? Tone::Good : Tone::Doubtful);
  }

  cluster::Cluster* cluster_ = nullptr;
  QPointer<cluster::MatrixJob> job_;
  QTimer next_;
  qint64 begunAt_ = 0;
  int everySec_ = 0;
  bool interrupted_ = false, allWhole_ = true;
};

}  // namespace

CommandSpec matrixCommand() {
  return {{.name = QStringLiteral("matrix"),
           .words = {},
           .summary = tr("issue on each instance, check on each; 1 when not all is accepted"),
           .options = {{QStringLiteral("--every"), QStringLiteral("S"),
                        tr("again every S seconds, until it is interrupted")}}},
          {.principal = true, .discovery = true},
          false,
          [](Output& output) -> std::unique_ptr<Command> { return std::make_unique<Matrix>(output); }};
}

}  // namespace vx11::ctl
