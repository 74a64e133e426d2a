#include "dialogs/dangerous.h"

#include <QCoreApplication>
#include <QPointer>

namespace vx11::ui::dangerous {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(vx11::ui::dangerous)
};

bool isAsked(const cluster::Cluster& cluster, Asks asks) {
  switch (asks) {
    case Asks::Always:
      return true;
    case Asks::InProduction:
      return isProduction(cluster);
    case Asks::ToLift:
      return isProduction(cluster) && !cluster.canChange();
  }
  return true;
}

}  // namespace

bool isProduction(const cluster::Cluster& cluster) {
  return cluster.profile().environment == cluster::Environment::Production;
}

QString whyNot(const cluster::Cluster& cluster) {
  if (cluster.canChange() || isProduction(cluster)) return {};
  return Words::tr("Read-only profile. Allow changes with Ctrl+Shift+L.");
}

ConfirmDialog* ask(QWidget* parent, cluster::Cluster& cluster, Confirmation question, Asks asks,
                   std::function<void()> go) {
  if (!whyNot(cluster).isEmpty()) return nullptr;
  if (!isAsked(cluster, asks)) {
    go();
    return nullptr;
  }
  if (isProduction(cluster)) {
    question.typed = cluster.profile().name;
    if (!cluster.canChange())
      question.facts.append({Words::tr("Read-only"), Words::tr("lifted for 15 min, counting down in the frame")});
    if (question.note.isEmpty())
      question.note = Words::tr("Written to the audit log with the time and the principal’s fingerprint.");
  }
  return ConfirmDialog::ask(parent, question, [open = QPointer(&cluster), go = std::move(go)] {
    if (open && !open->canChange() && isProduction(*open)) open->setCanChange(true);
    if (open && open->canChange()) go();
  });
}

void setReadOnly(QWidget* parent, cluster::Cluster& cluster, bool readOnly, std::function<void()> done) {
  if (readOnly || !isProduction(cluster)) {
    cluster.setCanChange(!readOnly);
    return done();
  }
  Confirmation question;
  question.title = Words::tr("Allow changes");
  question.question = Words::tr("Allow changes on %1?").arg(cluster.profile().name);
  question.facts = {{Words::tr("Allowed"), Words::tr("to issue, revoke, publish and roll back")},
                    {Words::tr("Then"), Words::tr("read-only again by itself; Make read-only ends it sooner")}};
  question.verb = Words::tr("Allow changes for 15 min");
  question.icon = QStringLiteral("unlock");
  question.note = Words::tr("Each change is written to the audit log of the instances.");
  ask(parent, cluster, question, Asks::ToLift, std::move(done));
}

}  // namespace vx11::ui::dangerous
