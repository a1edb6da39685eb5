import type { Row } from "../words.js";

const RESET = "it resets the data of a database";

/** Tools of frameworks that empty a database or build it anew. */
export const RESETS: readonly Row[] = [
  [
    "rails|rake db:drop*|db:reset*|db:purge*|db:schema:load*|db:structure:load*|db:setup*|db:migrate:reset*|db:truncate_all*|db:seed:replant|db:mongoid:drop|db:mongoid:purge",
    RESET,
  ],
  ["prisma migrate reset ; prisma db push --force-reset|--accept-data-loss", RESET],
  [
    "php artisan migrate:fresh|migrate:reset|migrate:refresh|db:wipe|queue:clear|queue:flush|schema:drop|scout:flush ; artisan|sail migrate:fresh|migrate:reset|migrate:refresh|db:wipe|queue:clear|queue:flush ; sail artisan migrate:fresh|migrate:reset|migrate:refresh|db:wipe",
    RESET,
  ],
  [
    "python*|py|uv *manage.py flush|reset_db|reset_schema|delete_all* ; manage.py|django-admin flush|reset_db|reset_schema ; python*|py *manage.py migrate * zero ; manage.py|django-admin migrate * zero",
    RESET,
  ],
  [
    "sequelize|sequelize-cli db:drop|db:migrate:undo:all|db:seed:undo:all ; typeorm|typeorm-ts-node-commonjs|typeorm-ts-node-esm schema:drop ; knex migrate:rollback --all ; mikro-orm schema:drop|schema:fresh|migration:fresh ; drizzle-kit drop ; drizzle-kit push --force ; payload migrate:fresh|migrate:reset|migrate:refresh ; db-migrate reset|db:drop ; node-pg-migrate reset",
    RESET,
  ],
  [
    "node|adonis ace migration:fresh|migration:reset|migration:refresh|db:wipe|db:truncate ; ace migration:fresh|migration:reset|migration:refresh|db:wipe|db:truncate",
    RESET,
  ],
  [
    "alembic|flask downgrade base ; flask db downgrade base ; aerich downgrade --delete|-d ; flyway clean ; liquibase dropall|drop-all|rollback* ; mvn|mvnw|mvnd|gradle|gradlew|sbt ... flyway:clean|*flyway-maven-plugin:*clean|flywayclean|*:flywayclean|liquibase:dropall|*liquibase-maven-plugin:*dropall|dropall|*:dropall|liquibase:rollback*|flyway:undo",
    RESET,
  ],
  [
    "mix ecto.drop|ecto.reset|ash.reset ; mix do ... ecto.drop|ecto.reset ; mix ecto.rollback --all ; php bin/console|*/console doctrine:database:drop|doctrine:schema:drop|d:d:d|doctrine:fixtures:load ; console|doctrine doctrine:database:drop|doctrine:schema:drop|orm:schema-tool:drop ; bin/console doctrine:database:drop|doctrine:schema:drop",
    RESET,
  ],
  [
    "dbmate drop|down ; goose ... reset|down-to ; migrate drop ; migrate down -all|--all ; sqlx database drop|reset ; diesel database reset|drop ; sea-orm-cli migrate fresh|reset|refresh ; atlas schema clean ; skeema push --allow-unsafe ; dotnet ef database drop ; dotnet ef database update 0 ; hanami db drop ; gel|edgedb database|branch wipe|drop ; edgedb|gel instance destroy",
    RESET,
  ],
  [
    "supabase db reset ; hasura metadata clear ; hasura migrate apply --down ; hasura migrate delete --all ; nhost ... delete ; appwrite ... delete ; strapi import -f|--force ; craft db/drop-all-tables ; wp db reset|drop|clean ; bench reinstall|drop-site",
    RESET,
  ],
];

/** Dumps that are read back over what is there, and clients that empty a store. */
export const RESTORES: readonly Row[] = [
  [
    "mongorestore --drop ; pg_restore -c|--clean !-l|--list|-f|--file ; influx|influxd restore -full|--full ; neo4j-admin database load|restore --overwrite-destination|--overwrite-destination=true ; neo4j-admin load|restore --force|--overwrite-destination ; mysqlimport -d|-D|--delete ; mongoimport --drop ; cbrestore",
    "what the database holds is replaced",
  ],
  [
    "heroku pg:restore|pg:backups:restore|pg:push ; heroku pg:backups restore ; gcloud sql backups restore ; gcloud sql import ; aws rds restore-* ; wal-g backup-fetch|delete ; pgbackrest restore ; barman recover ; etcdctl snapshot restore ; rethinkdb restore --force ; cockroach restore ; clickhouse-backup restore --rm ; myloader -o|--overwrite-tables",
    "what the database holds is replaced",
  ],
  [
    "pg_resetwal|pg_resetxlog ; pg_dropcluster ; mysqladmin shutdown|flush-* ; nodetool drain|decommission|removenode|clearsnapshot ; sqlite3|litecli ... .restore* ; curator_cli delete-indices|delete_indices ; influx bucket|org delete ; influx delete ; solr delete ; mongod --repair ; memcflush|memcrm",
    "it throws stored data away",
  ],
];

/** Copies that were made for the day when the original is lost. */
export const BACKUPS: readonly Row[] = [
  [
    "borg|borgmatic|attic delete|prune ; borg compact ; restic forget|prune ; restic unlock --remove-all ; rustic forget|prune ; kopia snapshot|repository|policy delete|destroy ; duplicity remove-older-than|remove-all-but-n-full|remove-all-inc-of-but-n-full ; duplicity cleanup --force ; rdiff-backup --remove-older-than ; rdiff-backup remove ; duplicacy prune ; tarsnap -d|--nuke ; bup rm|gc|prune-older ; bupstash rm|gc",
    "backups are deleted",
  ],
  [
    "velero backup|restore|schedule|backup-location delete ; velero uninstall ; ark backup delete ; pgbackrest expire|stanza-delete ; wal-g delete ; barman delete ; proxmox-backup-client forget|prune ; proxmox-backup-client snapshot forget",
    "backups are deleted",
  ],
  [
    "zfs destroy ; zfs rollback ; zpool export|split|remove ; btrfs subvolume|sub delete ; btrfs device remove|delete ; snapper delete|rollback|cleanup ; snapper undochange ; timeshift --delete|--delete-all|--restore ; tmutil delete|deletelocalsnapshots|disable|restore ; bcachefs subvolume delete ; vssadmin delete ; wbadmin delete ; wmic shadowcopy delete",
    "snapshots or what is newer than them are lost",
  ],
  [
    "lvremove|vgremove|pvremove|lvreduce|vgreduce ; lvconvert --merge ; qm|pct destroy|delsnapshot|rollback ; pvesm free|remove ; virsh snapshot-delete|snapshot-revert|vol-delete|pool-delete|pool-destroy ; vboxmanage|VBoxManage unregistervm --delete ; vboxmanage|VBoxManage snapshot * delete|restore ; govc vm.destroy|snapshot.remove|datastore.rm ; xe vm-destroy|vdi-destroy|snapshot-destroy|sr-destroy ; rbd rm|remove|snap|trash ; ceph osd|fs|auth purge|rm|destroy|del ; ceph osd pool delete|rm ; rados rm|rmpool|purge ; gluster volume delete|stop|reset ; linstor ... delete ; targetcli clearconfig",
    "a volume goes with what it holds",
  ],
];
