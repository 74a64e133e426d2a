// The result of a cross-instance test, for people and in JSON. Pure functions.
#pragma once

#include <QJsonObject>

#include "cluster/matrix.h"
#include "ctl/table.h"

namespace vx11::ctl {

[[nodiscard]] QJsonObject toJson(const cluster::MatrixResult& result);
/// A row issues, a column checks; what went through the balancer is counted.
[[nodiscard]] Table matrixTable(const cluster::MatrixResult& result);
/// "a 3, b 3"; empty where nothing went through a balancer.
[[nodiscard]] QString countsBehindBalancer(const cluster::MatrixResult& result);

}  // namespace vx11::ctl
