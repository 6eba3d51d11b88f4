#!/usr/bin/env bash
# Installs @tensorflow/tfjs-node and builds its native part against a TensorFlow C library on this machine. Use it when
# tfjs-node's download host is not reachable, or to use a newer library than the one that tfjs-node downloads.
#
#   scripts/build-tfjs-node.sh LIBTENSORFLOW_DIR [FOLDER]
#
# LIBTENSORFLOW_DIR contains include/tensorflow/c/c_api.h, lib/libtensorflow.so and lib/libtensorflow_framework.so, as in
# TensorFlow's archives of its C library. The pip package tensorflow-cpu has the same files under other names
# (libtensorflow_cc.so.2, libtensorflow_framework.so.2), to which you can make links. Do not move the folder afterwards:
# the package links to it.
#
# Without FOLDER the package is installed in this project's node_modules without saving it, so the next `npm ci` removes
# it. With FOLDER it is installed there; set NODE_PATH=FOLDER/node_modules for Apollo to find it. Needs make, a C++
# compiler and Python 3. APOLLO_TFJS_PACKAGE=@tensorflow/tfjs-node-gpu builds that package instead.
set -euo pipefail

package=${APOLLO_TFJS_PACKAGE:-@tensorflow/tfjs-node}
version=4.22.0

fail() {
  echo "build-tfjs-node: $1" >&2
  exit 1
}

[[ $# -ge 1 && $# -le 2 ]] || fail 'usage: scripts/build-tfjs-node.sh LIBTENSORFLOW_DIR [FOLDER]'
[[ -d $1 ]] || fail "there is no folder $1"
library=$(cd "$1" && pwd)
for file in include/tensorflow/c/c_api.h lib; do
  [[ -e $library/$file ]] || fail "$library has no $file; it should hold a TensorFlow C library"
done
compgen -G "$library/lib/libtensorflow.*" > /dev/null || fail "$library/lib has no libtensorflow.so"
for tool in make c++ python3; do
  command -v "$tool" > /dev/null || fail "$tool is missing; install it (on Debian: apt-get install build-essential python3)"
done
node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 23 ? 0 : 1)' \
  || fail "tfjs-node $version does not work with Node.js 23 and later, this is $(node --version); use 20 or 22"

project=$(cd "$(dirname "$0")/.." && pwd)
folder=${2:-$project}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
if [[ $folder != "$project" && ! -e $folder/package.json ]]; then
  echo '{ "private": true, "description": "tfjs-node, built for Apollo" }' > "$folder/package.json"
fi

# The install script is skipped, because it would download a library.
(cd "$folder" && npm install --no-save --no-package-lock --ignore-scripts --no-audit --no-fund "$package@$version")

home=$folder/node_modules/$package
rm -rf "$home/deps"
ln -s "$library" "$home/deps"
(cd "$home" && npx --no-install node-pre-gyp install --build-from-source) || fail 'the build failed: see above'

NODE_PATH=$folder/node_modules TF_CPP_MIN_LOG_LEVEL=2 node --input-type=commonjs -e '
  const tf = require(process.argv[1]);
  const [sum] = tf.add(tf.tensor([20]), 22).dataSync();
  if (sum !== 42) throw new Error(`20 + 22 = ${sum}`);
' -- "$package" || fail 'the package was built, but does not compute'

echo "$package $version works, with the library in $library"
[[ $folder == "$project" ]] || echo "to use it: export NODE_PATH=$folder/node_modules"
