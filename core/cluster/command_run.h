// A program that the operator named, run once with its arguments as they are, without a shell. What it says is told
// line by line; at its time-out it ends with all that it started and that stayed in its process group.
#pragma once

#include <QObject>
#include <QStringList>
#include <QTimer>
#include <QUrl>
#include <chrono>
#include <optional>

#include "cluster/child_process.h"

namespace vx11::cluster {

/// GUI thread only; nothing blocks. Deleted before its end it kills what it runs. A service that the program leaves
/// behind stays, but what that writes to our pipe goes nowhere: it needs an output of its own.
class CommandRun final : public QObject {
  Q_OBJECT
 public:
  static constexpr int mostLastLines = 20;
  struct End {
    int exitCode = -1;  ///< -1: it didn't exit
    bool timedOut = false;
    QStringList lastLines;  ///< the newest last
    QString problem;        ///< a sentence, where it didn't exit by itself
  };

  explicit CommandRun(QObject* parent = nullptr);
  ~CommandRun() override;

  /// Once. Nothing: it runs, and `ended` comes. Else a sentence that names the program.
  [[nodiscard]] std::optional<QString> start(const QStringList& command, std::chrono::milliseconds longest);

  /// With "{id}", "{url}", "{host}" and "{port}" of an instance in place.
  [[nodiscard]] static QStringList filledIn(const QStringList& command, const QString& id, const QUrl& url);

 Q_SIGNALS:
  void said(const QStringList& lines);
  void ended(const vx11::cluster::CommandRun::End& end);

 private:
  void hear(const QList<QByteArray>& lines);
  void killAll() const;

  ChildProcess child_;
  QTimer deadline_;
  End end_;
};

}  // namespace vx11::cluster
