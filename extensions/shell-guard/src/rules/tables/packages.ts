import type { Row } from "../words.js";

const PUBLIC = "a published version is public and cannot be taken back";
const WITHDRAWN = "others may depend on what it withdraws";

/** Publishing and withdrawing packages. */
export const PUBLISHING: readonly Row[] = [
  [
    "npm|pnpm|bun publish ; pnpm -r=publish publish ; yarn publish ; yarn npm publish ; lerna publish ; lerna version --yes ; changeset publish ; np ; release-it !--ci=false ; semantic-release ; jsr publish ; deno publish ; nx release publish ; auto shipit",
    PUBLIC,
  ],
  [
    "npm|pnpm unpublish|deprecate|undeprecate ; npm|pnpm owner|access|dist-tag|team|token|hook rm|remove|revoke|grant|set|destroy ; yarn npm tag remove ; npm|pnpm stage reject",
    WITHDRAWN,
  ],
  [
    "cargo publish ; twine upload ; python* twine upload ; poetry|uv|flit|hatch|maturin|pdm publish ; gem push ; vsce|ovsx publish ; goreleaser release ; mix hex.publish ; pod trunk push ; dart|flutter pub publish ; gh release create ; helm push ; docker|podman|nerdctl push ; dotnet|nuget nuget push ; nuget push ; mvn deploy|release:perform ; mvn|mvnw ... deploy|release:perform ; gradlew|gradle publish*|*:publish* ; gradlew|gradle ... publish*|*:publish* ; snapcraft upload|push ; conda|anaconda upload ; luarocks upload ; cabal upload ; crates publish ; wasm-pack publish ; elm publish ; spack buildcache push ; charm publish ; opam publish ; nimble publish",
    PUBLIC,
  ],
  [
    "cargo yank ; cargo owner -r|--remove ; gem yank ; gem owner -r|--remove ; mix hex.retire ; mix hex.publish --revert ; vsce|ovsx unpublish ; pod trunk delete|deprecate ; nuget delete ; dotnet nuget delete ; composer unpublish ; jsr yank ; docker|podman manifest rm ; crane|regctl|skopeo|oras delete|rm ... ; regctl|oras ... delete|rm ; snapcraft close",
    WITHDRAWN,
  ],
];
