#!/bin/sh
# The repository of the README's examples: a shop with a bare origin, and two worktrees beside the main one.
set -eu
git init -q --bare -b main origin.git
git clone -q origin.git shop 2>/dev/null
cd shop
git config user.name Ann
git config user.email ann@example.com
mkdir src tests
cat >src/index.ts <<'TS'
export * from './product.js'

// Search (SHOP-1)
// export * from './search.js'

// Cart (SHOP-2)
// export * from './cart.js'

// export * from './price.js'
TS
for module in product search cart price; do echo "export const $module = 1" >"src/$module.ts"; done
printf '# Changelog\n\n## Unreleased\n\n- Products\n' >CHANGELOG.md
echo 'test -e src/index.ts' >tests/run.sh
echo 'cksum src/*.ts >sources.lock' >tests/lock.sh
sh tests/lock.sh
git add .
git commit -qm 'feat: start the shop'
git push -q -u origin main
git worktree add -q -b feature/search ../search
git worktree add -q -b feature/cart ../cart
