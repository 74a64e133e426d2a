// Opens a local cluster, says the pids of its processes when all run, and waits to be killed.
#include <QCoreApplication>
#include <algorithm>
#include <cstdio>

#include "cluster/local_cluster.h"

using namespace vx11::cluster;

int main(int argc, char** argv) {
  QCoreApplication app(argc, argv);
  LocalClusterOptions options;
  options.firstPort = 0;
  options.tokendProgram = QString::fromLocal8Bit(qgetenv("VX11_BIN")) + QStringLiteral("/vx11-tokend");
  const auto cluster = openLocalCluster(options);
  Supervisor& supervisor = *cluster->supervisor();
  QObject::connect(&supervisor, &Supervisor::changed, &app, [&] {
    const auto& nodes = supervisor.nodes();
    const auto runs = [](const NodeInfo& node) { return node.state == NodeInfo::State::Running; };
    if (!std::all_of(nodes.begin(), nodes.end(), runs)) return;
    for (const NodeInfo& node : nodes) std::printf("%lld ", static_cast<long long>(node.pid));
    std::printf("\n");
    std::fflush(stdout);
    supervisor.disconnect();
    supervisor.pause(0);  // a stopped one must go, too
  });
  QObject::connect(cluster.get(), &Cluster::startFailed, &app, [](const QString& why) {
    std::printf("failed: %s\n", qPrintable(why));
    QCoreApplication::exit(1);
  });
  return QCoreApplication::exec();
}
