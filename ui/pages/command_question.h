// What is asked before a command is run on this machine for the first time: each in full, as the words it consists of.
#pragma once

#include <QStringList>
#include <functional>

class QWidget;

namespace vx11::cluster {
class CommandConsents;
}

namespace vx11::ui {

/// `go` runs once: now, where all of them were confirmed before, or when they are. It gets a sentence if that couldn't
/// be kept and they will be asked about again; else nothing. Without consents nobody is asked.
void askToRun(QWidget* parent, const cluster::CommandConsents* consents, const QList<QStringList>& commands,
              std::function<void(const QString& problem)> go);

}  // namespace vx11::ui
